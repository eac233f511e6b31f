package dev.apprentice.learner;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.BadModelException;
import dev.apprentice.engine.Engine;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.Seams;
import dev.apprentice.engine.UnprocessableException;
import dev.apprentice.engine.batch.Generation;
import dev.apprentice.engine.sampling.AnswerGuide;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.RunningAnswer.Opening;
import dev.apprentice.learner.base.Conversation;
import dev.apprentice.learner.checkpoint.Checkpoints;
import dev.apprentice.learner.checkpoint.Drawn;
import dev.apprentice.learner.checkpoint.Serving;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.instance.Instances;
import dev.apprentice.learner.interaction.Asked;
import dev.apprentice.learner.interaction.Guided;
import dev.apprentice.learner.interaction.Interactions;
import dev.apprentice.learner.interaction.Said;
import dev.apprentice.learner.promotion.Trial;
import dev.apprentice.learner.promotion.Trials;
import dev.apprentice.learner.recall.Recall;
import dev.apprentice.learner.recall.RecallWish;
import dev.apprentice.learner.recall.Recalled;
import dev.apprentice.learner.value.Values;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Answers for one model name. An answer is pinned to one checkpoint before its first token and keeps it to its last;
 * what becomes of the instance meanwhile is for the next answer. Any thread may ask.
 */
public final class Agent {
    /** How long an answer may be where nobody says. */
    private static final int DEFAULT_TOKENS = 512;

    private final String model;
    private final Target target;
    private final Rooms rooms;
    private final Making making;

    /**
     * Whom an agent works with.
     *
     * @param engine makes the answers
     * @param instances whose policies hold
     * @param checkpoints know what serves
     * @param recall knows what was taught
     * @param interactions keep the questions
     * @param nextTurns hear what users say next
     * @param values says how good they probably are
     * @param recorder keeps the answers
     * @param shadows answer behind them
     * @param seams ids and time
     */
    record Rooms(
            Engine engine,
            Instances instances,
            Checkpoints checkpoints,
            Recall recall,
            Interactions interactions,
            NextTurns nextTurns,
            Values values,
            Recorder recorder,
            Shadows shadows,
            Seams seams) {}

    Agent(String model, Target target, Rooms rooms) {
        this.model = model;
        this.target = target;
        this.rooms = rooms;
        this.making = new Making(rooms.engine(), rooms.values());
    }

    /**
     * Begins an answer; its id and question are durable when this returns.
     *
     * @throws NotFoundException code {@code model_not_found} if the instance is gone
     * @throws InvalidRequestException if the question cannot be answered as it is
     * @throws dev.apprentice.engine.OverloadedException if too many wait
     */
    public Answer ask(Question question) {
        return ask(question, 1).getFirst();
    }

    /** Begins {@code choices} answers to one question, which share an id. */
    public List<Answer> ask(Question question, int choices) {
        if (question.messages().isEmpty()) {
            throw new InvalidRequestException(
                    "missing_value",
                    "messages must be at least one message, found none",
                    Fault.of("messages", "at least one message", "none"));
        }
        while (true) {
            var casting = cast(question);
            try {
                return begin(question, casting, choices);
            } catch (BadModelException | UnprocessableException e) {
                if (!replaced(casting)) {
                    throw e;
                }
            }
        }
    }

    /**
     * How many tokens the prompt of {@code question} has, with what is recalled for it now.
     *
     * @throws NotFoundException code {@code model_not_found} if the instance is gone
     */
    public int promptTokens(Question question) {
        return cast(question).prompt().length;
    }

    /** Whether, the adapter being damaged, another one stands in for it: then the question is asked once more. */
    private boolean replaced(Casting casting) {
        var instance = casting.instance();
        if (instance == null || casting.adapter() == null) {
            return false;
        }
        var failed = casting.serving();
        rooms.checkpoints().suspect(instance.id(), failed.number());
        return switch (target) {
            case Target.Base _ -> false;
            case Target.Live _ -> {
                var now = rooms.instances().get(instance.id());
                var trial = casting.drawn().tried() ? casting.drawn().trial() : null;
                yield trial == null
                        ? rooms.checkpoints().serving(now).number() != failed.number()
                        : !rooms.checkpoints()
                                .onTrial()
                                .trials()
                                .running(now.id())
                                .contains(trial);
            }
            case Target.At(var _, var number) ->
                rooms.checkpoints()
                                .pinned(rooms.instances().get(instance.id()), number) // says that it is broken
                                .number()
                        != failed.number();
        };
    }

    private Casting cast(Question question) {
        return switch (target) {
            case Target.Base _ -> base(question);
            case Target.Live(var id) -> instance(question, id);
            case Target.At(var id, var _) -> instance(question, id);
        };
    }

    private Casting base(Question question) {
        var prompt = render(question, question.messages());
        var nothing = new Recalled(List.of(), List.of(), new AnswerGuide.Free(), true);
        return new Casting(
                null,
                Serving.BASE,
                Drawn.of(Serving.BASE),
                nothing,
                null,
                prompt,
                maxTokens(question, prompt),
                List.of());
    }

    private Casting instance(Question question, String id) {
        var instance = find(id);
        return cast(question, instance, drawn(instance, question));
    }

    private Casting cast(Question question, Instance instance, Drawn drawn) {
        var id = instance.id();
        var serving = drawn.serving();
        var extras = question.extras();
        var act = question.prompt() == null
                && (extras.recall() == null ? instance.policy().recall() : extras.recall());
        var wish = act ? RecallWish.all() : RecallWish.gateOnly();
        var pinned = target instanceof Target.At || drawn.tried();
        var began = now();
        var recalled = rooms.recall()
                .recall(id, question.messages(), question.tools(), pinned ? wish.by(LearnerStore.fit(serving)) : wish);
        var stages = List.of(new Stage(Stage.Kind.RECALL, began, now()));
        var adapter = switch (extras.adapter()) {
            case AUTO -> recalled.familiar() || (drawn.tried() && serving.fit() == null) ? serving.adapter() : null;
            case ALWAYS -> serving.adapter();
            case NEVER -> null;
        };
        var answers = extras.adapter() == Extras.Adapter.NEVER ? Serving.BASE : serving;
        var conversation = Conversation.under(instance.systemPrompt(), question.messages());
        var prompt = render(question, Conversation.with(recalled.examples(), conversation));
        if (!recalled.examples().isEmpty() && tooLong(question, prompt)) { // ours to leave out, not the asker's to pay
            recalled = recalled.withoutExamples();
            prompt = render(question, conversation);
        }
        return new Casting(instance, answers, drawn, recalled, adapter, prompt, maxTokens(question, prompt), stages);
    }

    private List<Answer> begin(Question question, Casting casting, int choices) {
        var generations = new ArrayList<Generation>();
        try {
            for (var choice = 0; choice < choices; choice++) {
                generations.add(making.begin(question, casting, choice));
            }
            var created = now();
            var id = question.idPrefix() + rooms.seams().ids().get();
            var asked = asked(question, casting, choices, id, created);
            rooms.interactions().asked(asked).await(); // the prompt is being read meanwhile
            if (question.prompt() == null) {
                rooms.nextTurns().asked(casting.instance(), asked);
            }
            noteTrial(casting, id);
            var stages = new ArrayList<>(casting.stages());
            stages.add(new Stage(Stage.Kind.RECORD, created, now()));
            var opening = new Opening(
                    id,
                    created,
                    model,
                    casting.prompt().length,
                    provenance(question, casting),
                    stages,
                    shadow(question, casting, id));
            var answers = new ArrayList<Answer>();
            for (var choice = 0; choice < choices; choice++) {
                var generation = generations.get(choice);
                answers.add(new RunningAnswer(
                        opening,
                        choice,
                        generation,
                        making.judge(question, casting),
                        rooms.recorder(),
                        rooms.seams().clock()));
            }
            return answers;
        } catch (RuntimeException e) {
            generations.forEach(Generation::close);
            throw e;
        }
    }

    /** Only what chance has drawn is compared: not what names a checkpoint, nor what the adapter had no part in. */
    private void noteTrial(Casting casting, String id) {
        var trial = casting.drawn().trial();
        if (trial != null && trial.kind() == Trial.Kind.CANARY) {
            rooms.checkpoints()
                    .onTrial()
                    .trials()
                    .note(id, trial, casting.drawn().tried());
        }
    }

    /** What is done with a whole answer where a checkpoint in the shadow answers too. */
    private Consumer<Said> shadow(Question question, Casting casting, String id) {
        var trial = casting.drawn().trial();
        var instance = casting.instance();
        if (trial == null
                || instance == null
                || trial.kind() != Trial.Kind.SHADOW
                || casting.guided() == Guided.FORCED
                || !Trials.drawn(trial, question.person(), instance.policy().shadowPercent())) {
            return _ -> {};
        }
        return said -> rooms.shadows()
                .offer(new Shadows.Task(
                        id,
                        trial,
                        () -> rooms.checkpoints()
                                .onTrial()
                                .shadow(instance, trial)
                                .map(serving -> cast(question, instance, new Drawn(serving, trial, true)))
                                .map(shadow ->
                                        making.request(question, shadow, 0).watching(List.of())),
                        said.text()));
    }

    private Instant now() {
        return rooms.seams().clock().instant();
    }

    private Asked asked(Question question, Casting casting, int choices, String id, Instant created) {
        var instance = casting.instance();
        var adapter = casting.adapter();
        return new Asked(
                id,
                instance == null ? null : instance.id(),
                casting.serving().number(),
                adapter == null ? null : adapter.digest(),
                question.messages(),
                question.tools(),
                question.episode(),
                question.extras().learn(),
                instance == null || instance.policy().storeMessages(),
                choices,
                question.extras().bestOf(),
                casting.recalled().lessons(),
                casting.guided(),
                casting.recalled().familiar(),
                casting.prompt().length,
                created);
    }

    private static Provenance provenance(Question question, Casting casting) {
        var instance = casting.instance();
        return new Provenance(
                instance == null ? null : instance.id(),
                casting.serving().number(),
                casting.recalled().familiar(),
                null,
                false,
                casting.recalled().lessons(),
                question.episode());
    }

    private Instance find(String id) {
        try {
            return rooms.instances().get(id);
        } catch (NotFoundException e) {
            throw Target.missing(model);
        }
    }

    private Drawn drawn(Instance instance, Question question) {
        return switch (target) {
            case Target.Base _ -> Drawn.of(Serving.BASE);
            case Target.Live _ -> rooms.checkpoints().onTrial().drawn(instance, question.person());
            case Target.At(var _, var number) -> Drawn.of(rooms.checkpoints().pinned(instance, number));
        };
    }

    private int[] render(Question question, List<ChatMessage> conversation) {
        var raw = question.prompt();
        if (raw != null) {
            return raw.stream().mapToInt(Integer::intValue).toArray();
        }
        return rooms.engine()
                .template()
                .render(conversation, question.tools(), true, Map.of())
                .ids();
    }

    private boolean tooLong(Question question, int[] prompt) {
        var wanted = question.maxTokens();
        return prompt.length + (wanted == null ? DEFAULT_TOKENS : wanted) > window();
    }

    /** At least one, so that the engine refuses a prompt that leaves no room, with both numbers. */
    private int maxTokens(Question question, int[] prompt) {
        var wanted = question.maxTokens();
        return wanted == null ? Math.max(1, Math.min(DEFAULT_TOKENS, window() - prompt.length)) : wanted;
    }

    private int window() {
        return rooms.engine().base().config().contextTokens();
    }
}
