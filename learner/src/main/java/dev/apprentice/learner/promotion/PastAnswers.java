package dev.apprentice.learner.promotion;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.exam.RewardLog;
import dev.apprentice.learner.store.Columns;
import dev.apprentice.learner.store.Store;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** The rated answers of the store, with the log-probabilities that were kept with them. Any thread may call. */
public final class PastAnswers implements RewardLog {
    /** How many are looked at: each has to be read by the candidate. */
    private static final int MOST = 128;

    private static final TypeReference<List<ChatMessage>> MESSAGES = new TypeReference<>() {};
    private static final TypeReference<List<Map<String, Object>>> TOOLS = new TypeReference<>() {};

    private final Store store;

    /** The rated answers of {@code store}. */
    public PastAnswers(Store store) {
        this.store = store;
    }

    @Override
    public List<Rewarded> rewarded(String instance, int checkpoint) {
        return store.read(db -> rewarded(db, instance, checkpoint));
    }

    private static List<Rewarded> rewarded(Handle db, String instance, int checkpoint) {
        return db.createQuery("""
                        select i.messages, i.tools, i.prompt_tokens, a.tokens, a.logprobs,
                        sum(l.trust * case when l.kind = 'REWARD' then json_extract(l.own, '$.reward')
                            when json_extract(l.own, '$.rating') = 'up' then 1.0 else 0.0 end) / sum(l.trust) as reward
                        from lessons l
                        join interactions i on i.id = l.interaction
                        join answers a on a.interaction = l.interaction and a.choice = l.choice
                        where l.instance = :instance and l.kind in ('RATING', 'REWARD') and l.trust > 0
                        and l.state not in ('SUPERSEDED', 'WITHDRAWN', 'REJECTED', 'HELD')
                        and i.checkpoint = :checkpoint and i.guided = 'FREE' and i.best_of = 1 and i.messages is not null
                        and a.state = 'FINISHED' and a.tokens is not null and a.logprobs is not null
                        group by l.interaction, l.choice order by max(l.seq) desc limit :limit
                        """)
                .bind("instance", instance)
                .bind("checkpoint", checkpoint)
                .bind("limit", MOST)
                .map((row, _) -> rewarded(row))
                .list();
    }

    private static Rewarded rewarded(ResultSet row) throws SQLException {
        var ids = words(row.getBytes("tokens")).asIntBuffer();
        var tokens = new int[ids.remaining()];
        ids.get(tokens);
        var logprobs = words(row.getBytes("logprobs")).asFloatBuffer();
        double sum = 0;
        while (logprobs.hasRemaining()) {
            sum += logprobs.get();
        }
        return new Rewarded(
                Columns.json(row, "messages", MESSAGES),
                Columns.json(row, "tools", TOOLS),
                row.getInt("prompt_tokens"),
                tokens,
                sum,
                row.getDouble("reward"));
    }

    private static ByteBuffer words(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
