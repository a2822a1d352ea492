//! The results of a query, in the form of `opa eval`.

use regorus::{QueryResult, QueryResults, Value};

use crate::interpreter::json_value::{write_into, write_string};

/// A JSON list with an object a result: `expressions` (value, text, location) and, where there are any, `bindings`.
pub fn write(results: &QueryResults) -> Vec<u8> {
    let mut out = String::from("[");
    for (index, result) in results.result.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_result(&mut out, result);
    }
    out.push(']');
    out.into_bytes()
}

fn write_result(out: &mut String, result: &QueryResult) {
    out.push_str("{\"expressions\":[");
    for (index, expression) in result.expressions.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str("{\"value\":");
        write_into(out, &expression.value);
        out.push_str(",\"text\":");
        write_string(out, &expression.text);
        let (row, column) = (expression.location.row, expression.location.col);
        out.push_str(&format!(",\"location\":{{\"row\":{row},\"col\":{column}}}}}"));
    }
    out.push(']');
    if matches!(&result.bindings, Value::Object(bindings) if !bindings.is_empty()) {
        out.push_str(",\"bindings\":");
        write_into(out, &result.bindings);
    }
    out.push('}');
}
