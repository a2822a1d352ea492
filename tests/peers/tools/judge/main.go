// Judge answers with OPA, as a library, what a policy decides: jobs as JSON lines on standard input, answers as JSON
// lines on standard output, in the same order.
//
// A policy is compiled once and asked every query with every input. An answer is one text: "?" where the query has no
// solution, "!code message" for an error, otherwise the solutions, one a line, in OPA's order and OPA's notation of
// values (so that sets are told from arrays, and numbers keep their text).
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/util"
)

const (
	maxLineBytes    = 256 << 20
	maxMemoryBytes  = 3 << 30
	evaluationLimit = 2 * time.Second
)

// Job is one policy and everything it is asked.
type Job struct {
	ID      int                 `json:"id"`
	Modules [][2]string         `json:"modules"`
	Data    json.RawMessage     `json:"data"`
	Queries []string            `json:"queries"`
	Inputs  [][]json.RawMessage `json:"inputs"` // each empty (no input) or of one element
	V0      bool                `json:"v0"`
	Strict  bool                `json:"strict_builtin_errors"`
	JSON    bool                `json:"json"` // values as JSON instead of OPA's notation
}

// Answer has errors of compiling, or a result by query and input.
type Answer struct {
	ID      int        `json:"id"`
	Errors  []Fault    `json:"errors,omitempty"`
	Results [][]string `json:"results,omitempty"`
}

// Fault is an error of parsing or compiling.
type Fault struct {
	Code    string `json:"code"`
	File    string `json:"file"`
	Row     int    `json:"row"`
	Col     int    `json:"col"`
	Message string `json:"message"`
}

func main() {
	debug.SetMemoryLimit(maxMemoryBytes)
	debug.SetGCPercent(400)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), maxLineBytes)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for lines.Scan() {
		var job Job
		if err := json.Unmarshal(lines.Bytes(), &job); err != nil {
			fmt.Fprintln(os.Stderr, "judge: no job:", err)
			os.Exit(1)
		}
		if err := encoder.Encode(judge(&job)); err != nil {
			os.Exit(1)
		}
		if err := out.Flush(); err != nil {
			os.Exit(1)
		}
	}
}

func judge(job *Job) (answer Answer) {
	answer.ID = job.ID
	defer func() {
		if r := recover(); r != nil {
			answer = Answer{ID: job.ID, Errors: []Fault{{Code: "panic", Message: fmt.Sprint(r)}}}
		}
	}()
	compiler, err := compile(job)
	if err != nil {
		answer.Errors = faults(err)
		return answer
	}
	var data map[string]any
	if err := util.UnmarshalJSON(job.Data, &data); err != nil {
		answer.Errors = []Fault{{Code: "data", Message: err.Error()}}
		return answer
	}
	ctx := context.Background()
	store := inmem.NewFromObjectWithOpts(data, inmem.OptRoundTripOnWrite(false))
	txn := storage.NewTransactionOrDie(ctx, store)
	inputs := make([]*ast.Term, len(job.Inputs))
	for i, input := range job.Inputs {
		if len(input) == 0 {
			continue
		}
		value, err := ast.ValueFromReader(strings.NewReader(string(input[0])))
		if err != nil {
			answer.Errors = []Fault{{Code: "input", Message: err.Error()}}
			return answer
		}
		inputs[i] = ast.NewTerm(value)
	}
	parsing := parserOptions(job)
	for _, text := range job.Queries {
		results := make([]string, len(inputs))
		body, err := ast.ParseBodyWithOpts(text, parsing)
		if err == nil {
			body, err = compiler.QueryCompiler().Compile(body)
		}
		for i, input := range inputs {
			if err != nil {
				results[i] = failure(err)
				continue
			}
			results[i] = evaluate(ctx, job, compiler, body, store, txn, input)
		}
		answer.Results = append(answer.Results, results)
	}
	return answer
}

var capabilities = ast.CapabilitiesForThisVersion(ast.CapabilitiesExperimentalKeywords(true))

func parserOptions(job *Job) ast.ParserOptions {
	version := ast.RegoV1
	if job.V0 {
		version = ast.RegoV0
	}
	return ast.ParserOptions{RegoVersion: version, ProcessAnnotation: true, Capabilities: capabilities}
}

func compile(job *Job) (*ast.Compiler, error) {
	parsed := map[string]*ast.Module{}
	var all ast.Errors
	for _, module := range job.Modules {
		m, err := ast.ParseModuleWithOpts(module[0], module[1], parserOptions(job))
		if err != nil {
			var several ast.Errors
			if !errors.As(err, &several) {
				return nil, err
			}
			all = append(all, several...)
			continue
		}
		parsed[module[0]] = m
	}
	if len(all) > 0 {
		return nil, all
	}
	compiler := ast.NewCompiler().WithCapabilities(capabilities).WithDefaultRegoVersion(parserOptions(job).RegoVersion)
	compiler.Compile(parsed)
	if compiler.Failed() {
		return nil, compiler.Errors
	}
	return compiler, nil
}

func faults(err error) []Fault {
	var several ast.Errors
	if !errors.As(err, &several) {
		return []Fault{{Code: "other", Message: err.Error()}}
	}
	found := make([]Fault, 0, len(several))
	for _, e := range several {
		fault := Fault{Code: e.Code, Message: e.Message}
		if e.Location != nil {
			fault.File, fault.Row, fault.Col = e.Location.File, e.Location.Row, e.Location.Col
		}
		found = append(found, fault)
	}
	return found
}

func failure(err error) string {
	var several ast.Errors
	if errors.As(err, &several) && len(several) > 0 {
		return "!" + several[0].Code + " " + several[0].Message
	}
	var one *topdown.Error
	if errors.As(err, &one) {
		return "!" + one.Code + " " + one.Message
	}
	return "!other " + err.Error()
}

func evaluate(ctx context.Context, job *Job, compiler *ast.Compiler, body ast.Body, store storage.Store,
	txn storage.Transaction, input *ast.Term) (result string) {
	defer func() {
		if r := recover(); r != nil {
			result = "!panic " + fmt.Sprint(r)
		}
	}()
	cancel := topdown.NewCancel()
	timer := time.AfterFunc(evaluationLimit, cancel.Cancel)
	defer timer.Stop()
	rows := []string{}
	query := topdown.NewQuery(body).
		WithCompiler(compiler).
		WithStore(store).
		WithTransaction(txn).
		WithInput(input).
		WithTime(time.Unix(1_700_000_000, 123_456_789)).
		WithStrictBuiltinErrors(job.Strict).
		WithCancel(cancel)
	err := query.Iter(ctx, func(row topdown.QueryResult) error {
		text, err := rowText(row, job.JSON)
		rows = append(rows, text)
		return err
	})
	if err != nil {
		return failure(err)
	}
	if len(rows) == 0 {
		return "?"
	}
	return strings.Join(rows, "\n")
}

// rowText is "name: value", by name; generated variables are left out.
func rowText(row topdown.QueryResult, asJSON bool) (string, error) {
	names := make([]string, 0, len(row))
	for name := range row {
		if !strings.HasPrefix(string(name), ast.WildcardPrefix) && !strings.HasPrefix(string(name), "__") {
			names = append(names, string(name))
		}
	}
	slices.Sort(names)
	var text strings.Builder
	for i, name := range names {
		if i > 0 {
			text.WriteString(", ")
		}
		text.WriteString(name + ": ")
		value := row[ast.Var(name)].Value
		if !asJSON {
			text.WriteString(value.String())
			continue
		}
		plain, err := ast.JSON(value)
		if err != nil {
			return "", err
		}
		bytes, err := json.Marshal(plain)
		if err != nil {
			return "", err
		}
		text.Write(bytes)
	}
	return text.String(), nil
}
