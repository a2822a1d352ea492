use bylaw_native::rego::values::Value;
use bylaw_native::rego::{CompileOptions, Options, Policy};
fn walk(p: &std::path::Path, out: &mut Vec<std::path::PathBuf>) {
    if p.is_dir() { let mut e: Vec<_> = std::fs::read_dir(p).unwrap().map(|e| e.unwrap().path()).collect(); e.sort(); for x in e { walk(&x, out) } }
    else if p.extension().is_some_and(|e| e == "rego") { out.push(p.to_path_buf()) }
}
fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let v0 = args.first().is_some_and(|a| a == "--v0"); if v0 { args.remove(0); }
    let mut files = vec![]; for a in &args { walk(a.as_ref(), &mut files) }
    let modules: Vec<(String, String)> = files.iter().map(|f| (f.display().to_string(), std::fs::read_to_string(f).unwrap())).collect();
    let t = std::time::Instant::now();
    let s = match Policy::compile(&modules, Value::empty_object(), &CompileOptions { v0, ..CompileOptions::default() }) {
        Ok(s) => s, Err(e) => { for x in e { println!("ERR {x:?}"); } return }
    };
    eprintln!("{} modules in {:?}", modules.len(), t.elapsed());
    let t = std::time::Instant::now();
    for (f, text) in &modules {
        let Some(pkg) = text.lines().find_map(|l| l.strip_prefix("package ")) else { continue };
        let pkg = pkg.split('#').next().unwrap().trim().replace("[\"", ".").replace("\"]", "");
        let mut names: Vec<&str> = text.lines().filter_map(|l| { let w: &str = l.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap(); w.starts_with("test_").then_some(w) }).collect();
        names.dedup();
        for n in names {
            let q = format!("data.{pkg}.{n}"); let path: Vec<&str> = q.split('.').skip(1).collect();
            let t = std::time::Instant::now();
            let r = s.evaluate(&path, None, &Options::default());
            let v = match r { Ok(Some(v)) => v.to_string(), Ok(None) => "undefined".into(), Err(e) => format!("{e:?}") };
            println!("{f}\t{q}\t{v}\t{}", t.elapsed().as_micros());
        }
    }
    eprintln!("tests in {:?}", t.elapsed());
}
