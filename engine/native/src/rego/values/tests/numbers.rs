//! Arithmetic, comparison and text of numbers; expectations observed on OPA v1.20.2.

use super::super::{Number, NumberError};

fn n(text: &str) -> Number {
    Number::parse(text).unwrap()
}

#[test]
fn arithmetic_is_opas() {
    let table = include_str!("arithmetic_of_opa.txt");
    let mut failures = Vec::new();
    for line in table.lines() {
        let fields: Vec<&str> = line.split(' ').collect();
        let (got, wanted) = match fields[..] {
            [a, operator, b, wanted] => {
                let (a, b) = (n(a), n(b));
                let result = match operator {
                    "+" => a.add(&b),
                    "-" => a.sub(&b),
                    "*" => a.mul(&b),
                    "/" => a.div(&b),
                    "%" => a.rem(&b),
                    _ => Ok(Number::Int(a.cmp(&b) as i64)),
                };
                (result, wanted)
            }
            [function, a, wanted] => {
                let a = n(a);
                let result = match function {
                    "abs" => a.abs(),
                    "ceil" => a.ceil(),
                    "floor" => a.floor(),
                    _ => a.round(),
                };
                (result, wanted)
            }
            _ => panic!("{line}"),
        };
        let got = got.map_or("undefined".to_string(), |number| number.to_string());
        if got != wanted {
            failures.push(format!("{line}: got {got}"));
        }
    }
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), table.lines().count(), failures.join("\n"));
}

#[test]
fn mistakes_have_opas_words() {
    assert_eq!(n("1").div(&n("0.0")).unwrap_err().to_string(), "divide by zero");
    assert_eq!(n("1").rem(&n("0")).unwrap_err().to_string(), "modulo by zero");
    assert_eq!(n("7.5").rem(&n("2")).unwrap_err().to_string(), "modulo on floating-point number");
}

#[test]
fn only_jsons_numbers_are_numbers() {
    for text in ["", "-", "01", "1.", ".5", "1e", "+1", "0x1", "1_000", "NaN", " 1"] {
        assert_eq!(Number::parse(text), Err(NumberError::Syntax), "{text}");
    }
}

#[test]
fn size_has_a_limit() {
    let large = n("1e30000");
    assert_eq!(large.mul(&large), Err(NumberError::TooLarge));
    assert_eq!(n("1.5e-30000").mul(&n("1e-30000")), Err(NumberError::TooLarge));
    assert_eq!(Number::parse("1e40000"), Err(NumberError::TooLarge));
}

#[test]
fn integers_are_recognised_however_written() {
    let facts = |text: &str| (n(text).as_i64(), n(text).integral_i64(), n(text).to_bigint().map(|i| i.to_string()));
    assert_eq!(facts("7"), (Some(7), Some(7), Some("7".into())));
    assert_eq!(facts("7.0"), (None, Some(7), Some("7".into())));
    assert_eq!(facts("7e2"), (None, Some(700), Some("700".into())));
    assert_eq!(facts("-0"), (Some(0), Some(0), Some("0".into())));
    assert_eq!(facts("7.5"), (None, None, None));
    assert_eq!(facts("1e19"), (None, None, Some("10000000000000000000".into())));
}

#[test]
fn floats_of_64_bits_print_as_go_prints_them() {
    let text = |f: f64| Number::from_f64(f).map(|number| number.to_string());
    assert_eq!(text(100_000_000.5), Some("1.000000005e+08".into()));
    assert_eq!(text(1e-5), Some("1e-05".into()));
    assert_eq!(text(0.0001), Some("0.0001".into()));
    assert_eq!(text(123_456.5), Some("123456.5".into()));
    assert_eq!(text(-2.0), Some("-2".into()));
    assert_eq!(text(f64::NAN), None);
}

#[test]
fn sums_and_products_are_opas() {
    let all = |texts: &[&str]| texts.iter().map(|text| n(text)).collect::<Vec<_>>();
    let sum = |texts: &[&str]| Number::sum(&all(texts)).unwrap().to_string();
    let product = |texts: &[&str]| Number::product(&all(texts)).unwrap().to_string();
    assert_eq!([sum(&[]), product(&[])], ["0", "1"]);
    assert_eq!(sum(&["9223372036854775807", "1", "1.0"]), "9223372036854775809");
    assert_eq!(sum(&["0.1", "0.2", "0.3"]), "0.6");
    assert_eq!(product(&["9007199254740993", "3"]), "27021597764222979");
    assert_eq!(product(&["0.1", "0.2", "3"]), "0.06");
    assert_eq!(product(&["9007199254740993", "1.5"]), "13510798882111488");
}
