package dev.apprentice.learner.recall;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TermStates;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnByteVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.jspecify.annotations.Nullable;

/**
 * Finds lessons that may be like a request: by words and by states, the two rankings fused by the sum of reciprocal
 * ranks (Cormack, Clarke and B&uuml;ttcher 2009), which needs no common scale.
 */
final class Candidates {
    /** The constant of the reciprocal ranks, theirs. */
    private static final int RANK = 60;

    /** A request's rarest words are looked up, so that a long one takes no longer. */
    private static final int WORDS_MAX = 16;

    /** A word that stands in so large a part of the lessons finds nothing, and costs a walk through all of them. */
    private static final double COMMON = 0.05;

    private final String vectorField;
    private final Projection projection;

    Candidates(String vectorField, Projection projection) {
        this.vectorField = vectorField;
        this.projection = projection;
    }

    List<Entry> of(IndexSearcher searcher, Question question, int count) throws IOException {
        var ranks = new HashMap<Integer, Double>();
        add(
                ranks,
                searcher.search(new KnnByteVectorQuery(vectorField, projection.of(question.state()), count), count)
                        .scoreDocs);
        var byWords = words(searcher, question);
        if (byWords != null) {
            // the best are wanted, not how many there are: what cannot be among them is skipped
            add(ranks, searcher.search(byWords, new TopScoreDocCollectorManager(count, count)).scoreDocs);
        }
        var best = ranks.entrySet().stream()
                .sorted(Map.Entry.<Integer, Double>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(count)
                .map(one -> new ScoreDoc(one.getKey(), 0))
                .toArray(ScoreDoc[]::new);
        return Entries.of(searcher, best);
    }

    private static void add(Map<Integer, Double> ranks, ScoreDoc[] found) {
        for (int rank = 0; rank < found.length; rank++) {
            ranks.merge(found[rank].doc, 1.0 / (RANK + rank + 1), Double::sum);
        }
    }

    /** Where a word stands in the lessons: looked up once, as each look-up goes to all parts of the index. */
    private record Found(Term word, TermStates places) {}

    private static @Nullable Query words(IndexSearcher searcher, Question question) throws IOException {
        int most = (int) Math.ceil(COMMON * searcher.getIndexReader().maxDoc());
        var found = new ArrayList<Found>();
        for (var word : question.words()) {
            var term = new Term(LessonFolder.WORD, word);
            var places = TermStates.build(searcher, term, true);
            if (places.docFreq() > 0 && places.docFreq() <= most) {
                found.add(new Found(term, places));
            }
        }
        found.sort(Comparator.<Found>comparingInt(one -> one.places().docFreq()).thenComparing(Found::word));
        var query = new BooleanQuery.Builder();
        found.stream()
                .limit(WORDS_MAX)
                .forEach(one -> query.add(new TermQuery(one.word(), one.places()), BooleanClause.Occur.SHOULD));
        return found.isEmpty() ? null : query.build();
    }
}
