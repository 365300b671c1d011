import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.ko.KoreanAnalyzer;
import org.apache.lucene.document.*;
import org.apache.lucene.index.*;
import org.apache.lucene.search.*;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.*;
import org.apache.lucene.util.QueryBuilder;

/**
 * Ranks documents by Lucene's own Korean analyzers, for bench/effectiveness.
 *
 * usage: LuceneRank ANALYZER DOCS.tsv QUERIES.txt K1,B[:K1,B...]. ANALYZER is cjk or nori; DOCS has a line "ID TAB text" for each
 * document, line ends as U+0001. Prints, for each pair and query, a line "id id ..." of the ten best.
 */
public class LuceneRank {
    public static void main(String[] args) throws Exception {
        Analyzer analyzer = args[0].equals("nori") ? new KoreanAnalyzer() : new CJKAnalyzer();
        Path dir = Files.createTempDirectory("lucene-rank");
        Directory store = new MMapDirectory(dir);
        try (IndexWriter writer = new IndexWriter(store, new IndexWriterConfig(analyzer).setRAMBufferSizeMB(512));
             BufferedReader in = Files.newBufferedReader(Path.of(args[1]))) {
            for (String line; (line = in.readLine()) != null;) {
                int tab = line.indexOf('\t');
                Document doc = new Document();
                doc.add(new StoredField("id", line.substring(0, tab)));
                doc.add(new TextField("body", line.substring(tab + 1).replace('\u0001', '\n'), Field.Store.NO));
                writer.addDocument(doc);
            }
            writer.forceMerge(1);
            writer.commit();
        }
        List<String> lines = Files.readAllLines(Path.of(args[2]));
        PrintWriter out = new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
        try (DirectoryReader reader = DirectoryReader.open(store)) {
            IndexSearcher searcher = new IndexSearcher(reader);
            QueryBuilder builder = new QueryBuilder(analyzer);
            for (String pair : args[3].split(":")) {
                String[] kb = pair.split(",");
                searcher.setSimilarity(new BM25Similarity(Float.parseFloat(kb[0]), Float.parseFloat(kb[1])));
                for (String line : lines) {
                    Query q = builder.createBooleanQuery("body", line);
                    StringBuilder row = new StringBuilder();
                    if (q != null)
                        for (ScoreDoc d : searcher.search(q, 10).scoreDocs)
                            row.append(row.length() > 0 ? " " : "").append(reader.storedFields().document(d.doc).get("id"));
                    out.println(row);
                }
            }
        }
        out.flush();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir)) { for (Path f : files) Files.delete(f); }
        Files.delete(dir);
    }
}
