import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.ko.KoreanAnalyzer;
import org.apache.lucene.analysis.ko.KoreanPartOfSpeechStopFilter;
import org.apache.lucene.analysis.ko.KoreanTokenizer;
import org.apache.lucene.document.*;
import org.apache.lucene.index.*;
import org.apache.lucene.search.*;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.*;
import org.apache.lucene.util.QueryBuilder;

/**
 * Ranks documents by Lucene's own Korean analyzers, for bench/effectiveness.
 *
 * usage: LuceneRank index ANALYZER DOCS.tsv DIR; LuceneRank search ANALYZER DIR QUERIES.txt K1,B[:K1,B...]. ANALYZER is cjk, or
 * nori with what becomes of compounds (discard, mixed, none) and which parts of speech are left out (stop: Nori's own list; all:
 * none): nori-discard-stop is Nori as it comes. DOCS has a line "ID TAB text" for each document, line ends as U+0001. Prints,
 * for each pair and query, a line "id id ..." of the ten best.
 */
public class LuceneRank {
    static Analyzer analyzer(String name) {
        if (name.equals("cjk")) return new CJKAnalyzer();
        String[] part = name.split("-");
        return new KoreanAnalyzer(null, KoreanTokenizer.DecompoundMode.valueOf(part[1].toUpperCase(Locale.ROOT)),
            part[2].equals("stop") ? KoreanPartOfSpeechStopFilter.DEFAULT_STOP_TAGS : Set.of(), false);
    }

    static void index(Analyzer analyzer, String docs, String dir) throws IOException {
        try (IndexWriter writer = new IndexWriter(new MMapDirectory(Path.of(dir)), new IndexWriterConfig(analyzer).setRAMBufferSizeMB(512));
             BufferedReader in = Files.newBufferedReader(Path.of(docs))) {
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
    }

    static void search(Analyzer analyzer, String dir, String queries, String pairs) throws IOException {
        List<String> lines = Files.readAllLines(Path.of(queries));
        PrintWriter out = new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
        try (DirectoryReader reader = DirectoryReader.open(new MMapDirectory(Path.of(dir)))) {
            IndexSearcher searcher = new IndexSearcher(reader);
            QueryBuilder builder = new QueryBuilder(analyzer);
            for (String pair : pairs.split(":")) {
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
    }

    public static void main(String[] args) throws IOException {
        Analyzer analyzer = analyzer(args[1]);
        if (args[0].equals("index")) index(analyzer, args[2], args[3]);
        else search(analyzer, args[2], args[3], args[4]);
    }
}
