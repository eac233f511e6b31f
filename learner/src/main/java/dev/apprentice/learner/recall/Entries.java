package dev.apprentice.learner.recall;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;

/** Reads lessons back from the index. */
final class Entries {
    private final BinaryDocValues text;
    private final List<BinaryDocValues> layers = new ArrayList<>();
    private final NumericDocValues sequence;

    /** From one segment, forwards. */
    private Entries(LeafReader reader) throws IOException {
        text = DocValues.getBinary(reader, LessonFolder.TEXT);
        sequence = DocValues.getNumeric(reader, LessonFolder.SEQUENCE);
        for (int l = 0; reader.getFieldInfos().fieldInfo(LessonFolder.STATE + l) != null; l++) {
            layers.add(DocValues.getBinary(reader, LessonFolder.STATE + l));
        }
    }

    /** What was found, oldest first. */
    static List<Entry> of(IndexSearcher searcher, ScoreDoc[] found) throws IOException {
        var docs = Arrays.stream(found).mapToInt(one -> one.doc).sorted().toArray();
        var leaves = searcher.getIndexReader().leaves();
        var entries = new ArrayList<Entry>(docs.length);
        Entries reading = null;
        int at = -1;
        for (int doc : docs) {
            int leaf = ReaderUtil.subIndex(doc, leaves);
            if (reading == null || leaf != at) {
                at = leaf;
                reading = new Entries(leaves.get(leaf).reader());
            }
            entries.add(reading.read(doc - leaves.get(leaf).docBase));
        }
        entries.sort(Comparator.comparingLong(Entry::sequence));
        return entries;
    }

    private Entry read(int doc) throws IOException {
        if (!text.advanceExact(doc) || !sequence.advanceExact(doc)) {
            throw new IOException("document " + doc + " lacks a field");
        }
        var state = new float[layers.size()][];
        for (int l = 0; l < state.length; l++) {
            if (!layers.get(l).advanceExact(doc)) {
                throw new IOException("document " + doc + " lacks layer " + l);
            }
            var bytes = layers.get(l).binaryValue();
            state[l] = EntryForm.layer(bytes.bytes, bytes.offset, bytes.length);
        }
        var bytes = text.binaryValue();
        return EntryForm.entry(sequence.longValue(), bytes.bytes, bytes.offset, bytes.length, state);
    }
}
