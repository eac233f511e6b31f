package dev.apprentice.learner.interaction;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.store.Columns;
import dev.apprentice.learner.store.Pending;
import dev.apprentice.learner.store.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The requests and their answers. Any thread may call. */
public final class Interactions {
    private static final TypeReference<List<ChatMessage>> MESSAGES = new TypeReference<>() {};
    private static final TypeReference<List<Map<String, Object>>> TOOLS = new TypeReference<>() {};

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
        var texts = keepsTexts(db, said.interaction());
        if (texts.isEmpty()) {
            return; // its instance was deleted while it was answered
        }
        if (!texts.get()) {
            fleeting.said(said.interaction(), said.choice(), said.text());
        }
        var tokens = said.tokens();
        db.createUpdate("""
                        insert into answers (interaction, choice, state, answer, tokens, logprobs, finish, cached_tokens,
                        fault, finished) values (:interaction, :choice, :state, :answer, :tokens, :logprobs, :finish,
                        :cached, :fault, :finished)
                        """)
                .bind("interaction", said.interaction())
                .bind("choice", said.choice())
                .bind("state", said.state().name())
                .bind("answer", texts.get() ? said.text() : null)
                .bind(
                        "tokens",
                        texts.get()
                                ? Columns.ints(tokens.size(), i -> tokens.get(i).id())
                                : null)
                .bind(
                        "logprobs",
                        Columns.floats(tokens.size(), i -> tokens.get(i).logprob()))
                .bind("finish", said.finish())
                .bind("cached", said.cachedTokens())
                .bind("fault", said.fault())
                .bind("finished", Columns.micros(clock.instant()))
                .execute();
    }

    /** The request {@code id} with its answer number {@code choice}, if it is known. */
    public Optional<Interaction> find(Handle db, String id, int choice) {
        return db.createQuery("""
                        select i.*, a.state, a.answer from interactions i
                        left join answers a on a.interaction = i.id and a.choice = :choice where i.id = :id
                        """)
                .bind("id", id)
                .bind("choice", choice)
                .map((row, _) -> interaction(row, choice))
                .findOne();
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
        var instance = asked.instance();
        if (instance != null
                && db.createQuery("select 1 from instances where id = ?")
                        .bind(0, instance)
                        .mapTo(Integer.class)
                        .findOne()
                        .isEmpty()) {
            throw new NotFoundException(
                    "model_not_found",
                    "the instance '" + instance + "' was deleted just now",
                    Fault.of("model", "an existing instance's id", instance));
        }
        db.createUpdate("""
                        insert into interactions (id, instance, checkpoint, adapter, messages, tools, episode, learn,
                        choices, recalled, guided, familiar, prompt_tokens, created)
                        values (:id, :instance, :checkpoint, :adapter, :messages,
                        :tools, :episode, :learn, :choices, :recalled, :guided, :familiar, :promptTokens, :created)
                        """)
                .bind("id", asked.id())
                .bind("instance", asked.instance())
                .bind("checkpoint", asked.checkpoint())
                .bind("adapter", asked.adapter())
                .bind("messages", asked.keepTexts() ? Columns.json(asked.messages()) : null)
                .bind("tools", Columns.json(asked.tools()))
                .bind("episode", asked.episode())
                .bind("learn", asked.learn())
                .bind("choices", asked.choices())
                .bind("recalled", Columns.json(asked.recalled()))
                .bind("guided", asked.guided().name())
                .bind("familiar", asked.familiar())
                .bind("promptTokens", asked.promptTokens())
                .bind("created", Columns.micros(asked.created()))
                .execute();
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
