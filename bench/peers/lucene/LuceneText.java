import com.fasterxml.jackson.core.*;
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.*;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.document.*;
import org.apache.lucene.index.*;
import org.apache.lucene.store.*;

/**
 * JSON lines {"id","title","text"} with stored text, character bigrams (CJKAnalyzer), positions.
 *
 * build DIR THREADS FILE...  makes an index of one segment
 * update DIR FILE...         replaces or adds by id, one commit, merges as Lucene's defaults will
 */
public class LuceneText {
    static final FieldType TEXT = new FieldType(TextField.TYPE_STORED);
    static final List<String> END = List.of();

    public static void main(String[] args) throws Exception {
        boolean build = args[0].equals("build");
        int threads = build ? Integer.parseInt(args[2]) : 1;
        String[] files = Arrays.copyOfRange(args, build ? 3 : 2, args.length);
        long start = System.nanoTime();
        IndexWriterConfig config = new IndexWriterConfig(new CJKAnalyzer()).setRAMBufferSizeMB(512).setUseCompoundFile(false);
        config.setOpenMode(build ? IndexWriterConfig.OpenMode.CREATE : IndexWriterConfig.OpenMode.APPEND);
        long documents = 0;
        try (MMapDirectory directory = new MMapDirectory(Path.of(args[1])); IndexWriter writer = new IndexWriter(directory, config)) {
            BlockingQueue<List<String>> batches = new ArrayBlockingQueue<>(8);
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            List<Future<Long>> done = new ArrayList<>();
            for (int i = 0; i < threads; i++) done.add(pool.submit(() -> work(writer, batches, build)));
            for (String file : files) read(file, batches);
            for (int i = 0; i < threads; i++) batches.put(END);
            for (Future<Long> f : done) documents += f.get();
            pool.shutdown();
            if (build) writer.forceMerge(1);
            writer.commit();
        }
        long bytes = 0;
        try (DirectoryStream<Path> list = Files.newDirectoryStream(Path.of(args[1]))) {
            for (Path f : list) bytes += Files.size(f);
        }
        System.out.printf("{\"documents\":%d,\"index_bytes\":%d,\"seconds\":%.3f}%n", documents, bytes, (System.nanoTime() - start) / 1e9);
    }

    static void read(String file, BlockingQueue<List<String>> batches) throws Exception {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(new FileInputStream(file), StandardCharsets.UTF_8), 1 << 20)) {
            List<String> batch = new ArrayList<>();
            for (String line; (line = in.readLine()) != null; ) {
                batch.add(line);
                if (batch.size() < 512) continue;
                batches.put(batch);
                batch = new ArrayList<>();
            }
            if (!batch.isEmpty()) batches.put(batch);
        }
    }

    static long work(IndexWriter writer, BlockingQueue<List<String>> batches, boolean build) throws Exception {
        JsonFactory json = new JsonFactory();
        StringField id = new StringField("id", "", Field.Store.YES);
        Field title = new Field("title", "", TEXT), text = new Field("text", "", TEXT);
        Map<String, Field> fields = Map.of("id", id, "title", title, "text", text);
        Document document = new Document();
        for (Field f : fields.values()) document.add(f);
        long n = 0;
        for (List<String> batch; (batch = batches.take()) != END; )
            for (String line : batch) {
                for (Field f : fields.values()) f.setStringValue("");
                try (JsonParser p = json.createParser(line)) {
                    for (p.nextToken(); p.nextToken() == JsonToken.FIELD_NAME; ) {
                        Field f = fields.get(p.currentName());
                        p.nextToken();
                        if (f != null) f.setStringValue(p.getText());
                        else p.skipChildren();
                    }
                }
                if (build) writer.addDocument(document);
                else writer.updateDocument(new Term("id", id.stringValue()), document);
                n++;
            }
        return n;
    }
}
