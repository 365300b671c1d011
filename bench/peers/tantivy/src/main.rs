//! Tantivy under the protocol of frai-bench (bench/README.md): the same pre-cut terms, one segment.
//! Its BM25 has k1 1.2 and b 0.75 built in, so scores differ from the others'.
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::time::Instant;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::*;
use tantivy::tokenizer::{TextAnalyzer, WhitespaceTokenizer};
use tantivy::{Index, IndexWriter, TantivyDocument, Term};

fn schema() -> Schema {
    let mut b = Schema::builder();
    b.add_text_field("id", STORED);
    let indexing = TextFieldIndexing::default().set_tokenizer("ws").set_index_option(IndexRecordOption::WithFreqsAndPositions);
    b.add_text_field("body", TextOptions::default().set_indexing_options(indexing));
    b.build()
}

fn index(docs: &str, dir: &str) -> tantivy::Result<()> {
    let start = Instant::now();
    let _ = std::fs::remove_dir_all(dir);
    std::fs::create_dir_all(dir)?;
    let schema = schema();
    let (id, body) = (schema.get_field("id")?, schema.get_field("body")?);
    let index = Index::create_in_dir(dir, schema)?;
    index.tokenizers().register("ws", TextAnalyzer::from(WhitespaceTokenizer::default()));
    let mut writer: IndexWriter = index.writer_with_num_threads(1, 1_000_000_000)?;
    let mut n = 0;
    for line in BufReader::with_capacity(1 << 20, std::fs::File::open(docs)?).lines() {
        let line = line?;
        let (key, text) = line.split_once('\t').unwrap();
        let mut doc = TantivyDocument::default();
        doc.add_text(id, key);
        doc.add_text(body, text);
        writer.add_document(doc)?;
        n += 1;
    }
    writer.commit()?;
    let segments = index.searchable_segment_ids()?;
    if segments.len() > 1 {
        writer.merge(&segments).wait()?;
    }
    writer.wait_merging_threads()?;
    let index = Index::open_in_dir(dir)?;
    let w: IndexWriter = index.writer_with_num_threads(1, 50_000_000)?;
    w.garbage_collect_files().wait()?;
    let mut bytes = 0;
    for f in std::fs::read_dir(dir)? {
        bytes += f?.metadata()?.len();
    }
    println!("{{\"documents\":{},\"bytes\":{},\"seconds\":{:.3}}}", n, bytes, start.elapsed().as_secs_f64());
    Ok(())
}

/// update DOCS.tok DIR PART.tok...: an index with ids to look up, of DOCS; then a commit for each part, by id. Merges go on beside.
fn update(args: &[String]) -> tantivy::Result<()> {
    let _ = std::fs::remove_dir_all(&args[3]);
    std::fs::create_dir_all(&args[3])?;
    let mut b = Schema::builder();
    let id = b.add_text_field("id", STRING | STORED);
    let indexing = TextFieldIndexing::default().set_tokenizer("ws").set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let body = b.add_text_field("body", TextOptions::default().set_indexing_options(indexing));
    let index = Index::create_in_dir(&args[3], b.build())?;
    index.tokenizers().register("ws", TextAnalyzer::from(WhitespaceTokenizer::default()));
    let mut writer: IndexWriter = index.writer_with_num_threads(1, 1_000_000_000)?;
    let mut seconds = Vec::new();
    let mut total = Instant::now();
    for (i, file) in std::iter::once(&args[2]).chain(&args[4..]).enumerate() {
        let start = Instant::now();
        for line in BufReader::with_capacity(1 << 20, std::fs::File::open(file)?).lines() {
            let line = line?;
            let (key, text) = line.split_once('\t').unwrap();
            if i > 0 {
                writer.delete_term(Term::from_field_text(id, key));
            }
            let mut doc = TantivyDocument::default();
            doc.add_text(id, key);
            doc.add_text(body, text);
            writer.add_document(doc)?;
        }
        writer.commit()?;
        if i == 0 {
            let segments = index.searchable_segment_ids()?;
            if segments.len() > 1 {
                writer.merge(&segments).wait()?;
            }
            total = Instant::now();
        } else {
            seconds.push(format!("{:.4}", start.elapsed().as_secs_f64()));
        }
    }
    writer.wait_merging_threads()?;
    println!("{{\"seconds\":[{}],\"total\":{:.3}}}", seconds.join(","), total.elapsed().as_secs_f64());
    Ok(())
}

fn query(line: &str, mode: &str, body: Field) -> Box<dyn Query> {
    let terms: Vec<Term> = line.split_whitespace().map(|t| Term::from_field_text(body, t)).collect();
    let single = |t: &Term| -> Box<dyn Query> { Box::new(TermQuery::new(t.clone(), IndexRecordOption::WithFreqs)) };
    if terms.len() == 1 {
        return single(&terms[0]);
    }
    if mode == "phrase" {
        return Box::new(PhraseQuery::new(terms));
    }
    let mut distinct: Vec<Term> = Vec::new();
    for t in terms {
        if !distinct.contains(&t) {
            distinct.push(t);
        }
    }
    let occur = if mode.ends_with("and") { Occur::Must } else { Occur::Should };
    Box::new(BooleanQuery::new(distinct.iter().map(|t| (occur, single(t))).collect()))
}

fn search(args: &[String]) -> tantivy::Result<()> {
    let (dir, queries, mode, out) = (&args[2], &args[3], args[4].as_str(), &args[8]);
    let (k, reps): (usize, usize) = (args[5].parse().unwrap(), args[6].parse().unwrap());
    let index = Index::open_in_dir(dir)?;
    index.tokenizers().register("ws", TextAnalyzer::from(WhitespaceTokenizer::default()));
    let schema = index.schema();
    let (id, body) = (schema.get_field("id")?, schema.get_field("body")?);
    let searcher = index.reader()?.searcher();
    let lines: Vec<String> = BufReader::new(std::fs::File::open(queries)?).lines().collect::<Result<_, _>>()?;
    let mut best = vec![f64::MAX; lines.len()];
    let mut results = vec![String::new(); lines.len()];
    for r in 0..reps {
        for (i, line) in lines.iter().enumerate() {
            let q = query(line, mode, body);
            let start = Instant::now();
            let (mut total, mut hits) = (0, Vec::new());
            if mode.starts_with("count") {
                total = searcher.search(&q, &Count)?;
            } else if mode == "top-count" {
                (hits, total) = searcher.search(&q, &(TopDocs::with_limit(k).order_by_score(), Count))?;
            } else {
                hits = searcher.search(&q, &TopDocs::with_limit(k).order_by_score())?;
            }
            best[i] = best[i].min(start.elapsed().as_nanos() as f64 / 1e3);
            if r + 1 < reps {
                continue;
            }
            let mut s = Vec::new();
            for (score, address) in &hits {
                let doc: TantivyDocument = searcher.doc(*address)?;
                s.push(format!("{}:{}", doc.get_first(id).and_then(|v| v.as_str()).unwrap_or(""), score));
            }
            if !mode.contains("count") {
                total = hits.len();
            }
            results[i] = format!("{}\t{}", total, s.join(" "));
        }
    }
    let mut w = BufWriter::new(std::fs::File::create(out)?);
    for (b, r) in best.iter().zip(&results) {
        writeln!(w, "{:.3}\t{}", b, r)?;
    }
    Ok(())
}

fn main() -> tantivy::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    match args[1].as_str() {
        "index" => index(&args[2], &args[3]),
        "update" => update(&args),
        _ => search(&args),
    }
}
