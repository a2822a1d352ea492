// Times OPA, used as a Go library, on the workloads that our own engine wrote: one folder each, with `name`, `path`,
// `data.json`, `inputs.jsonl` and the policies.
//
// A query is prepared once; what is timed is a decision from the bytes of an input to the bytes of an answer. Prints a
// JSON object: for each workload the median processor time in nanoseconds, and the first answer, to be compared with ours.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"syscall"
	"time"

	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/util"
)

// How long one workload is measured, and in how many parts.
const (
	seconds = 1.0
	parts   = 15
)

type result struct {
	Nanoseconds int64  `json:"nanoseconds"`
	Answer      string `json:"answer"`
}

type load struct {
	Seconds       float64 `json:"seconds"`
	ResidentBytes int64   `json:"resident_bytes"`
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: opa_library decisions <folder> [name…] | load <base_data.json>")
		os.Exit(2)
	}
	var out any
	var err error
	if os.Args[1] == "load" {
		out, err = loaded(os.Args[2])
	} else {
		out, err = decisions(os.Args[2], os.Args[3:])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		os.Exit(1)
	}
}

func decisions(folder string, names []string) (map[string]result, error) {
	folders, err := filepath.Glob(filepath.Join(folder, "[0-9]*"))
	if err != nil {
		return nil, err
	}
	results := map[string]result{}
	for _, folder := range folders {
		name, err := os.ReadFile(filepath.Join(folder, "name"))
		if err != nil {
			return nil, err
		}
		if !wanted(string(name), names) {
			continue
		}
		measured, err := measure(folder)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		results[string(name)] = measured
	}
	return results, nil
}

func wanted(name string, names []string) bool {
	for _, prefix := range names {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return len(names) == 0
}

func measure(folder string) (result, error) {
	query, inputs, err := prepare(folder)
	if err != nil {
		return result{}, err
	}
	answer, err := decide(query, inputs[0])
	if err != nil {
		return result{}, err
	}
	ask := func(rounds int) (time.Duration, error) {
		began := processorTime()
		for range rounds {
			if err := all(query, inputs); err != nil {
				return 0, err
			}
		}
		return processorTime() - began, nil
	}
	rounds := 1
	for {
		elapsed, err := ask(rounds)
		if err != nil {
			return result{}, err
		}
		if elapsed.Seconds() >= seconds/parts {
			break
		}
		rounds *= 2
	}
	times := make([]float64, 0, parts)
	for range parts {
		elapsed, err := ask(rounds)
		if err != nil {
			return result{}, err
		}
		times = append(times, float64(elapsed.Nanoseconds())/float64(rounds*len(inputs)))
		if elapsed.Seconds() > 2*seconds {
			break
		}
	}
	sort.Float64s(times)
	return result{Nanoseconds: int64(times[len(times)/2]), Answer: string(answer)}, nil
}

func all(query rego.PreparedEvalQuery, inputs [][]byte) error {
	for _, input := range inputs {
		if _, err := decide(query, input); err != nil {
			return err
		}
	}
	return nil
}

// Processor time of this process, its garbage collector included: what else runs on the machine does not count.
func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func decide(query rego.PreparedEvalQuery, input []byte) ([]byte, error) {
	var document any
	if err := util.UnmarshalJSON(input, &document); err != nil {
		return nil, err
	}
	results, err := query.Eval(context.Background(), rego.EvalInput(document))
	if err != nil || len(results) == 0 {
		return nil, err
	}
	return json.Marshal(results[0].Expressions[0].Value)
}

func prepare(folder string) (rego.PreparedEvalQuery, [][]byte, error) {
	none := rego.PreparedEvalQuery{}
	path, err := os.ReadFile(filepath.Join(folder, "path"))
	if err != nil {
		return none, nil, err
	}
	data, err := readJSON(filepath.Join(folder, "data.json"))
	if err != nil {
		return none, nil, err
	}
	text, err := os.ReadFile(filepath.Join(folder, "inputs.jsonl"))
	if err != nil {
		return none, nil, err
	}
	options := []func(*rego.Rego){rego.Query(string(path)), rego.Store(inmem.NewFromObject(data))}
	modules, err := filepath.Glob(filepath.Join(folder, "*.rego"))
	if err != nil {
		return none, nil, err
	}
	for _, file := range modules {
		module, err := os.ReadFile(file)
		if err != nil {
			return none, nil, err
		}
		options = append(options, rego.Module(file, string(module)))
	}
	query, err := rego.New(options...).PrepareForEval(context.Background())
	return query, bytes.Split(text, []byte("\n")), err
}

func readJSON(file string) (map[string]any, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var document map[string]any
	return document, util.UnmarshalJSON(text, &document)
}

// The time to read a document and put it into a store, and what the process then holds.
func loaded(file string) (load, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return load{}, err
	}
	before := resident()
	began := time.Now()
	var document map[string]any
	if err := util.UnmarshalJSON(text, &document); err != nil {
		return load{}, err
	}
	store := inmem.NewFromObject(document)
	elapsed := time.Since(began).Seconds()
	runtime.GC()
	held := resident() - before
	runtime.KeepAlive(store)
	runtime.KeepAlive(text)
	return load{Seconds: elapsed, ResidentBytes: held}, nil
}

func resident() int64 {
	text, _ := os.ReadFile("/proc/self/statm")
	var total, pages int64
	_, _ = fmt.Sscan(string(text), &total, &pages)
	return pages * int64(os.Getpagesize())
}
