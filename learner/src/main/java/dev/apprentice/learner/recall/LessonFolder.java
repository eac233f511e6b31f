package dev.apprentice.learner.recall;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.KnnByteVectorField;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.BytesRef;

/**
 * One instance's index on disk: a Lucene folder. It is a cache of the ledger, so it may be behind, and whatever is
 * wrong with it is mended by making it anew ({@link FolderCare}). A lesson is a document of its number and id, its
 * words (BM25), its state as a short vector ({@link Projection}; a graph, Malkov &amp; Yashunin 2018) and, to compare
 * with, its whole state.
 *
 * <p>One thread writes; any thread may look things up in what was there at the last {@link #refresh}.
 */
final class LessonFolder implements AutoCloseable {
    static final String SEQUENCE = "sequence";
    static final String ID = "id";
    static final String WORD = "word";
    static final String TEXT = "text";
    static final String STATE = "state";

    /** What a commit says of itself: {@link Stamp#text()}, and the last number of the ledger that it has seen. */
    static final String STAMP = "stamp";

    static final String SEEN = "seen";

    private static final FieldType WORDS = words();

    private final Path path;
    private final Directory directory;
    private final IndexWriter writer;
    private final SearcherManager searchers;
    private final Projection projection;
    private final Stamp stamp;
    private final Candidates candidates;
    private long seen;
    private boolean changed;

    /** Over an open writer, which it closes, and its directory at {@code path}. */
    LessonFolder(Path path, Directory directory, IndexWriter writer, Stamp stamp, Projection projection, long seen)
            throws IOException {
        this.path = path;
        this.directory = directory;
        this.writer = writer;
        this.projection = projection;
        this.stamp = stamp;
        this.seen = seen;
        searchers = new SearcherManager(writer, new SearcherFactory());
        candidates = new Candidates(vectorField(stamp), projection);
        if (writer.getLiveCommitData() == null) { // made now: from here on a folder without a commit is a damaged one
            changed = true;
            commit();
        }
    }

    /** Something to look up. */
    @FunctionalInterface
    interface Look<T> {
        T in(IndexSearcher searcher) throws IOException;
    }

    static String vectorField(Stamp stamp) {
        return "vector-" + stamp.text();
    }

    Path path() {
        return path;
    }

    /** Takes a lesson in, in place of what it had with the same id. */
    void put(Entry entry) {
        write(() -> writer.updateDocument(new Term(ID, entry.id()), document(entry)));
        seen = Math.max(seen, entry.sequence());
        changed = true;
    }

    void remove(Collection<String> ids) {
        write(() ->
                writer.deleteDocuments(ids.stream().map(id -> new Term(ID, id)).toArray(Term[]::new)));
        changed = true;
    }

    void removeSequences(List<Long> sequences) {
        write(() -> writer.deleteDocuments(LongPoint.newSetQuery(
                SEQUENCE, sequences.stream().mapToLong(Long::longValue).toArray())));
        changed = true;
    }

    /** From now on look-ups see what was written. */
    void refresh() {
        write(searchers::maybeRefreshBlocking);
    }

    /** Makes what was written durable, if anything was. */
    void commit() {
        if (changed) {
            write(() -> {
                writer.setLiveCommitData(
                        Map.of(STAMP, stamp.text(), SEEN, Long.toString(seen)).entrySet());
                writer.commit();
            });
            changed = false;
        }
    }

    /** Waits until nothing is merged any more, as it is where lessons come slowly. */
    void awaitMerges() {
        if (writer.getConfig().getMergeScheduler() instanceof ConcurrentMergeScheduler merges) {
            merges.sync();
        }
    }

    int size() {
        return look(searcher -> searcher.getIndexReader().numDocs());
    }

    /** Whether a lesson is in it. */
    boolean has(String id) {
        return !entries(List.of(id)).isEmpty();
    }

    /** The ledger's numbers of all lessons in it, ascending. */
    long[] sequences() {
        return look(searcher -> {
            var all = new long[searcher.getIndexReader().numDocs()];
            int count = 0;
            for (var leaf : searcher.getIndexReader().leaves()) {
                var numbers = leaf.reader().getNumericDocValues(SEQUENCE);
                var live = leaf.reader().getLiveDocs();
                for (int doc = numbers == null ? NumericDocValues.NO_MORE_DOCS : numbers.nextDoc();
                        doc != NumericDocValues.NO_MORE_DOCS;
                        doc = numbers.nextDoc()) {
                    if (live == null || live.get(doc)) {
                        all[count++] = numbers.longValue();
                    }
                }
            }
            Arrays.sort(all);
            return all;
        });
    }

    /** All lessons in it, oldest first: for few. */
    List<Entry> all() {
        return newest(Math.max(1, size()));
    }

    /** The newest {@code count}, oldest first. */
    List<Entry> newest(int count) {
        return look(searcher -> {
            var newest = searcher.search(
                    MatchAllDocsQuery.INSTANCE, count, new Sort(new SortField(SEQUENCE, SortField.Type.LONG, true)));
            return Entries.of(searcher, newest.scoreDocs);
        });
    }

    /** At most {@code count}, spread evenly over their numbers, oldest first. */
    List<Entry> spread(int count) {
        var all = sequences();
        var chosen =
                GateFitting.spread(all.length, count).mapToLong(i -> all[i]).toArray();
        return look(searcher -> Entries.of(
                searcher, searcher.search(LongPoint.newSetQuery(SEQUENCE, chosen), Math.max(1, count)).scoreDocs));
    }

    /** Those of {@code ids} that are in it, oldest first. */
    List<Entry> entries(Collection<String> ids) {
        var terms = ids.stream().map(BytesRef::new).toList();
        return look(searcher -> Entries.of(
                searcher, searcher.search(new TermInSetQuery(ID, terms), Math.max(1, ids.size())).scoreDocs));
    }

    /** About {@code count} lessons that are most like a request, in no order. */
    List<Entry> candidates(Question question, int count) {
        return look(searcher -> candidates.of(searcher, question, count));
    }

    @Override
    public void close() {
        try (directory;
                writer;
                searchers) {
            if (writer.isOpen()) {
                commit();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes without keeping what was written since the last commit: it will be deleted. */
    void abandon() {
        try (directory;
                searchers) {
            writer.rollback();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Document document(Entry entry) {
        var document = new Document();
        document.add(new LongPoint(SEQUENCE, entry.sequence()));
        document.add(new NumericDocValuesField(SEQUENCE, entry.sequence()));
        document.add(new StringField(ID, entry.id(), Field.Store.NO));
        document.add(new BinaryDocValuesField(TEXT, new BytesRef(EntryForm.text(entry))));
        var state = entry.question().state();
        for (int l = 0; l < state.length; l++) {
            document.add(new BinaryDocValuesField(STATE + l, new BytesRef(EntryForm.layer(state[l]))));
        }
        document.add(
                new KnnByteVectorField(vectorField(stamp), projection.of(state), VectorSimilarityFunction.DOT_PRODUCT));
        for (var word : new TreeSet<>(entry.question().words())) {
            document.add(new Field(WORD, word, WORDS));
        }
        return document;
    }

    /** Each word once, and how many a lesson has, for BM25. */
    private static FieldType words() {
        var type = new FieldType();
        type.setTokenized(false);
        type.setOmitNorms(false);
        type.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
        type.freeze();
        return type;
    }

    private <T> T look(Look<T> look) {
        try {
            var searcher = searchers.acquire();
            try {
                return look.in(searcher);
            } finally {
                searchers.release(searcher);
            }
        } catch (IOException | AlreadyClosedException e) {
            throw failed(e);
        }
    }

    /** Something that is written. */
    @FunctionalInterface
    private interface Writing {
        void go() throws IOException;
    }

    private void write(Writing writing) {
        try {
            writing.go();
        } catch (IOException | AlreadyClosedException e) { // a writer closes itself when the disk fails
            throw failed(e);
        }
    }

    private static UncheckedIOException failed(Exception e) {
        return new UncheckedIOException(e instanceof IOException io ? io : new IOException(e));
    }
}
