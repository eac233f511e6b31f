package dev.apprentice.learner.interaction;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.store.Columns;
import dev.apprentice.learner.store.Pending;
import dev.apprentice.learner.store.PlainSql;
import dev.apprentice.learner.store.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The requests and their answers. Any thread may call. */
public final class Interactions {
    private static final TypeReference<List<ChatMessage>> MESSAGES = new TypeReference<>() {};
    private static final TypeReference<List<Map<String, Object>>> TOOLS = new TypeReference<>() {};

    /** If its instance is there still. */
    private static final String INSERT_QUESTION = """
            insert into interactions (id, instance, checkpoint, adapter, messages, tools, episode, learn, choices,
            best_of, recalled, guided, familiar, prompt_tokens, created) select ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
            where ? is null or exists (select 1 from instances where id = ?)
            """;

    /** If its question is there still, with its texts if the question has its own. */
    private static final String INSERT_ANSWER = """
            insert into answers (interaction, choice, state, answer, tokens, logprobs, finish, cached_tokens, fault,
            finished) select id, ?, ?, iif(messages is null, null, ?), iif(messages is null, null, ?), ?, ?, ?, ?, ?
            from interactions where id = ?
            """;

    private static final String FIND = """
            select i.*, a.state, a.answer from interactions i left join answers a on a.interaction = i.id and a.choice = ?
            where i.id = ?
            """;

    private static final String SPOKEN = """
            select i.id, i.messages, i.tools as tools, i.guided, a.choice, a.answer, a.tokens, a.logprobs, a.finish
            from interactions i join answers a on a.interaction = i.id and a.state = 'FINISHED'
            """;

    private final Store store;
    private final Clock clock;
    private final FleetingTexts fleeting;

    /** The interactions of {@code store}. */
    public Interactions(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
        this.fleeting = new FleetingTexts(clock);
    }

    /** Records a request. Its id may be shown when what is returned has been awaited, not before. */
    public Pending<String> asked(Asked asked) {
        if (!asked.keepTexts()) {
            fleeting.asked(asked.id(), asked.messages());
        }
        return store.submit(db -> insert(db, asked));
    }

    /** Records an answer within the transaction of {@code db}, if its request is there still. */
    public void said(Handle db, Said said) {
        if (fleeting.asked(said.interaction()) != null) {
            fleeting.said(said.interaction(), said.choice(), said.text());
        }
        var tokens = said.tokens();
        PlainSql.update(
                db,
                INSERT_ANSWER,
                said.choice(),
                said.state().name(),
                said.text(),
                Columns.ints(tokens.size(), i -> tokens.get(i).id()),
                Columns.floats(tokens.size(), i -> tokens.get(i).logprob()),
                said.finish(),
                said.cachedTokens(),
                said.fault(),
                Columns.micros(clock.instant()),
                said.interaction());
    }

    /** The request {@code id} with its answer number {@code choice}, if it is known. */
    public Optional<Interaction> find(Handle db, String id, int choice) {
        return PlainSql.list(db, row -> interaction(row, choice), FIND, choice, id).stream()
                .findFirst();
    }

    /** The same in a transaction of its own. */
    public Optional<Interaction> find(String id, int choice) {
        return store.read(db -> find(db, id, choice));
    }

    /** Which instances have answered in {@code episode} something that may be learnt from. */
    public List<String> inEpisode(Handle db, String episode) {
        return db.createQuery("""
                        select distinct instance from interactions
                        where episode = :episode and instance is not null and learn = 1 order by instance
                        """).bind("episode", episode).mapTo(String.class).list();
    }

    /** The answer number {@code choice} to the request {@code id}, if it is whole and its texts are there yet. */
    public Optional<Spoken> spoken(Handle db, String id, int choice) {
        return db
                .createQuery(SPOKEN + " where i.id = :id and a.choice = :choice")
                .bind("id", id)
                .bind("choice", choice)
                .map((row, _) -> spoken(row))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** The same of all that {@code instance} answered in {@code episode} and that may be learnt from, oldest first. */
    public List<Spoken> spokenIn(Handle db, String instance, String episode) {
        return db
                .createQuery(SPOKEN + """
                         where i.episode = :episode and i.instance = :instance and i.learn = 1 order by i.seq, a.choice
                        """)
                .bind("episode", episode)
                .bind("instance", instance)
                .map((row, _) -> spoken(row))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<Spoken> spoken(ResultSet row) throws SQLException {
        var id = row.getString("id");
        var kept = Columns.jsonOrNull(row, "messages", MESSAGES);
        var messages = kept == null ? fleeting.asked(id) : kept;
        var text = said(row, id, row.getInt("choice"));
        if (messages == null || text == null) {
            return Optional.empty();
        }
        var tokens = row.getBytes("tokens");
        var logprobs = row.getBytes("logprobs");
        return Optional.of(new Spoken(
                id,
                row.getInt("choice"),
                messages,
                Columns.json(row, "tools", TOOLS),
                text,
                tokens == null ? new int[0] : Columns.ints(tokens),
                logprobs == null
                        ? null
                        : (Double) Arrays.stream(Columns.floats(logprobs)).sum(),
                Guided.valueOf(row.getString("guided")),
                "stop".equals(row.getString("finish"))));
    }

    private Interaction interaction(ResultSet row, int choice) throws SQLException {
        var id = row.getString("id");
        var messages = Columns.jsonOrNull(row, "messages", MESSAGES);
        var whole = AnswerState.FINISHED.name().equals(Columns.text(row, "state"));
        return new Interaction(
                id,
                Columns.text(row, "instance"),
                row.getInt("checkpoint"),
                messages == null ? fleeting.asked(id) : messages,
                Columns.json(row, "tools", TOOLS),
                row.getBoolean("learn"),
                row.getInt("choices"),
                Guided.valueOf(row.getString("guided")),
                whole ? said(row, id, choice) : null,
                Columns.time(row, "created"));
    }

    private @Nullable String said(ResultSet row, String id, int choice) throws SQLException {
        var said = Columns.text(row, "answer");
        return said == null ? fleeting.said(id, choice) : said;
    }

    private static String insert(Handle db, Asked asked) {
        int rows = PlainSql.update(
                db,
                INSERT_QUESTION,
                asked.id(),
                asked.instance(),
                asked.checkpoint(),
                asked.adapter(),
                asked.keepTexts() ? Columns.json(asked.messages()) : null,
                Columns.json(asked.tools()),
                asked.episode(),
                asked.learn(),
                asked.choices(),
                asked.bestOf(),
                Columns.json(asked.recalled()),
                asked.guided().name(),
                asked.familiar(),
                asked.promptTokens(),
                Columns.micros(asked.created()),
                asked.instance(),
                asked.instance());
        if (rows == 0) {
            var instance = String.valueOf(asked.instance());
            throw new NotFoundException(
                    "model_not_found",
                    "the instance '" + instance + "' was deleted just now",
                    Fault.of("model", "an existing instance's id", instance));
        }
        return asked.id();
    }

    /** Whether the texts of the request {@code id} may be stored; empty if there is no such request. */
    static Optional<Boolean> keepsTexts(Handle db, String id) {
        return db.createQuery("select messages is not null from interactions where id = :id")
                .bind("id", id)
                .mapTo(Boolean.class)
                .findOne();
    }
}
