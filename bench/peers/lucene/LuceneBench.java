import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.document.*;
import org.apache.lucene.index.*;
import org.apache.lucene.search.*;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.*;

/** Lucene under the protocol of frai-bench (bench/README.md): the same pre-cut terms, one segment, no query cache. */
public class LuceneBench {
    static final BM25Similarity BM25 = new BM25Similarity(0.9f, 0.4f);

    public static void main(String[] args) throws Exception {
        if (args[0].equals("index")) index(args[1], args[2]);
        else if (args[0].equals("update")) update(args);
        else search(args);
    }

    static IndexWriterConfig config() {
        return new IndexWriterConfig(new WhitespaceAnalyzer(60000)).setSimilarity(BM25).setRAMBufferSizeMB(512)
            .setOpenMode(IndexWriterConfig.OpenMode.CREATE).setUseCompoundFile(false);
    }

    static FieldType positions() {
        FieldType type = new FieldType();
        type.setTokenized(true);
        type.setIndexOptions(IndexOptions.DOCS_AND_FREQS_AND_POSITIONS);
        type.freeze();
        return type;
    }

    static void index(String docs, String dir) throws Exception {
        long start = System.nanoTime();
        IndexWriterConfig config = config();
        int n = 0;
        try (IndexWriter writer = new IndexWriter(new MMapDirectory(Path.of(dir)), config);
             BufferedReader in = new BufferedReader(new InputStreamReader(new FileInputStream(docs), StandardCharsets.UTF_8), 1 << 20)) {
            Field id = new StoredField("id", ""), body = new Field("body", "", positions());
            Document doc = new Document();
            doc.add(id);
            doc.add(body);
            for (String line; (line = in.readLine()) != null; n++) {
                int tab = line.indexOf('\t');
                id.setStringValue(line.substring(0, tab));
                body.setStringValue(line.substring(tab + 1));
                writer.addDocument(doc);
            }
            writer.forceMerge(1);
            writer.commit();
        }
        long bytes = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(dir))) {
            for (Path f : files) bytes += Files.size(f);
        }
        System.out.printf("{\"documents\":%d,\"bytes\":%d,\"seconds\":%.3f}%n", n, bytes, (System.nanoTime() - start) / 1e9);
    }

    /** update DOCS.tok DIR PART.tok...: an index with ids to look up, of DOCS; then a commit for each part, by id. Merges go on beside. */
    static void update(String[] args) throws Exception {
        IndexWriterConfig config = config();
        StringBuilder seconds = new StringBuilder();
        long total;
        try (IndexWriter writer = new IndexWriter(new MMapDirectory(Path.of(args[2])), config)) {
            StringField id = new StringField("id", "", Field.Store.YES);
            Field body = new Field("body", "", positions());
            Document doc = new Document();
            doc.add(id);
            doc.add(body);
            total = System.nanoTime();
            for (int i = 1; i < args.length; i++) {
                if (i == 2) continue;
                long start = System.nanoTime();
                try (BufferedReader in = new BufferedReader(new InputStreamReader(new FileInputStream(args[i]), StandardCharsets.UTF_8), 1 << 20)) {
                    for (String line; (line = in.readLine()) != null; ) {
                        int tab = line.indexOf('\t');
                        id.setStringValue(line.substring(0, tab));
                        body.setStringValue(line.substring(tab + 1));
                        if (i == 1) writer.addDocument(doc);
                        else writer.updateDocument(new Term("id", id.stringValue()), doc);
                    }
                }
                if (i == 1) writer.forceMerge(1);
                writer.commit();
                if (i == 1) total = System.nanoTime();
                else seconds.append(seconds.length() > 0 ? "," : "").append(String.format(Locale.ROOT, "%.4f", (System.nanoTime() - start) / 1e9));
            }
        }
        System.out.printf(Locale.ROOT, "{\"seconds\":[%s],\"total\":%.3f}%n", seconds, (System.nanoTime() - total) / 1e9);
    }

    static Query query(String line, String mode) {
        String[] terms = line.trim().split(" +");
        if (mode.equals("phrase")) {
            PhraseQuery.Builder b = new PhraseQuery.Builder();
            for (String t : terms) b.add(new Term("body", t));
            return b.build();
        }
        BooleanQuery.Builder b = new BooleanQuery.Builder();
        BooleanClause.Occur occur = mode.endsWith("and") ? BooleanClause.Occur.MUST : BooleanClause.Occur.SHOULD;
        for (String t : new LinkedHashSet<>(Arrays.asList(terms))) b.add(new TermQuery(new Term("body", t)), occur);
        return b.build();
    }

    static void search(String[] args) throws Exception {
        String mode = args[3], out = args[7];
        int k = Integer.parseInt(args[4]), reps = Integer.parseInt(args[5]);
        List<String> lines = Files.readAllLines(Path.of(args[2]));
        try (DirectoryReader reader = DirectoryReader.open(new MMapDirectory(Path.of(args[1])))) {
            IndexSearcher searcher = new IndexSearcher(reader);
            searcher.setSimilarity(BM25);
            searcher.setQueryCache(null);
            boolean count = mode.startsWith("count");
            double[] best = new double[lines.size()];
            Arrays.fill(best, Double.MAX_VALUE);
            String[] results = new String[lines.size()];
            for (int r = 0; r < reps; r++)
                for (int i = 0; i < lines.size(); i++) {
                    Query q = query(lines.get(i), mode);
                    long start = System.nanoTime();
                    long total = 0;
                    TopDocs top = null;
                    if (count) total = searcher.count(q);
                    else if (mode.equals("top-count")) top = searcher.search(q, new TopScoreDocCollectorManager(k, null, Integer.MAX_VALUE));
                    else top = searcher.search(q, new TopScoreDocCollectorManager(k, null, 1));
                    best[i] = Math.min(best[i], (System.nanoTime() - start) / 1e3);
                    if (r + 1 < reps) continue;
                    StringBuilder s = new StringBuilder();
                    if (top != null) {
                        total = mode.equals("top-count") ? top.totalHits.value() : top.scoreDocs.length;
                        for (ScoreDoc d : top.scoreDocs) s.append(s.length() > 0 ? " " : "").append(reader.storedFields().document(d.doc).get("id")).append(':').append(d.score);
                    }
                    results[i] = total + "\t" + s;
                }
            try (PrintWriter w = new PrintWriter(out, StandardCharsets.UTF_8)) {
                for (int i = 0; i < best.length; i++) w.printf(Locale.ROOT, "%.3f\t%s%n", best[i], results[i]);
            }
        }
    }
}
