package dev.apprentice.engine;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.batch.Generation;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.engine.model.BaseModel;
import dev.apprentice.engine.sampling.AnswerGuide;
import dev.apprentice.engine.sampling.Constraint;
import dev.apprentice.engine.sampling.Grammars;
import dev.apprentice.engine.text.ChatTemplate;
import dev.apprentice.engine.text.Tokenizer;
import dev.apprentice.engine.training.Training;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The door of the engine: one base model that answers and learns. Thread-safe. */
public final class Engine implements AutoCloseable {
    private final BaseModel base;
    private final Tokenizer tokenizer;
    private final ChatTemplate template;
    private final Machine machine;
    private final Grammars grammars;
    private final Closing house;

    private Engine(BaseModel base, Tokenizer tokenizer, ChatTemplate template, Machine machine, Closing house) {
        this.base = base;
        this.tokenizer = tokenizer;
        this.template = template;
        this.machine = machine;
        this.grammars = new Grammars(tokenizer);
        this.house = house;
    }

    /**
     * Loads the model and starts the engine thread.
     *
     * @throws BadModelException if the model is missing, damaged or of a kind that is not supported
     */
    public static Engine open(EngineSettings settings, Seams seams) {
        return open(settings, seams, NativeMachine.maker(settings, seams));
    }

    /** The same with another machine behind the door. */
    public static Engine open(EngineSettings settings, Seams seams, Machine.Maker maker) {
        var house = new Closing();
        try {
            var base = house.add(BaseModel.open(settings.model()));
            var tokenizer = house.add(Tokenizer.open(base.tokenizerJson()));
            var template =
                    new ChatTemplate(templates(base, Files.isRegularFile(settings.model())), tokenizer, seams.clock());
            var machine = house.add(maker.make(base, tokenizer));
            return new Engine(base, tokenizer, template, machine, house);
        } catch (RuntimeException | Error e) {
            house.closeAfter(e);
            throw e;
        }
    }

    /** A folder's chats are encoded as rendered, as transformers does; a GGUF file may ask for a BOS besides. */
    private static ChatTemplate.Source templates(BaseModel base, boolean gguf) {
        var specials = base.specials();
        var tokens = new HashMap<String, String>();
        put(tokens, "bos_token", specials.bos());
        put(tokens, "eos_token", specials.eos());
        put(tokens, "unk_token", specials.unk());
        put(tokens, "pad_token", specials.pad());
        return new ChatTemplate.Source(base.chatTemplates(), tokens, gguf && specials.addBos());
    }

    private static void put(Map<String, String> tokens, String name, @Nullable String text) {
        if (text != null) {
            tokens.put(name, text);
        }
    }

    /** The frozen base model's description. */
    public BaseModel base() {
        return base;
    }

    /** Text to tokens and back. */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** Conversations to prompts. */
    public ChatTemplate template() {
        return template;
    }

    /** The primitives of learning on the same weights. */
    public Training training() {
        return machine.training();
    }

    /**
     * Begins an answer. The adapter is loaded on the calling thread if it is not in memory.
     *
     * @throws InvalidRequestException {@code context_length_exceeded} with both numbers, a token id out of range, or a
     *     form that cannot be enforced
     * @throws OverloadedException when too many requests wait
     * @throws BadModelException when the adapter is missing or is not what its digest says
     */
    public Generation submit(GenerationRequest request) {
        checkPrompt(request.prompt());
        int window = base.config().contextTokens();
        int capacity = request.prompt().length + request.sampling().maxTokens();
        if (capacity > window) {
            throw new InvalidRequestException(
                    "context_length_exceeded",
                    "the model's context window is " + window + " tokens; the prompt has " + request.prompt().length
                            + " and max_tokens asks for " + request.sampling().maxTokens() + " more",
                    Fault.of("messages", window + " tokens at most", capacity + " tokens"));
        }
        var grammar = grammars.of(request.constraint());
        boolean misfit =
                grammar != null && request.guide() instanceof AnswerGuide.Forced(var answer) && !grammar.fits(answer);
        var fitting = misfit ? request.guided(new AnswerGuide.Free()) : request;
        return machine.submit(fitting, grammar);
    }

    /**
     * Makes {@code constraint}'s grammar ahead of a request, on the calling thread.
     *
     * @throws InvalidRequestException {@code unsupported_schema}, {@code invalid_schema} or {@code bad_regex}, naming
     *     what cannot be enforced and where it stands
     */
    public void check(Constraint constraint) {
        grammars.of(constraint);
    }

    private void checkPrompt(int[] prompt) {
        int vocabulary = base.config().vocabulary();
        if (prompt.length == 0) {
            throw new InvalidRequestException(
                    "empty_prompt", "the prompt has no tokens", Fault.of("prompt", "at least one token", "none"));
        }
        for (int id : prompt) {
            if (id < 0 || id >= vocabulary) {
                throw new InvalidRequestException(
                        "bad_token",
                        "token id " + id + " is not in the vocabulary of " + vocabulary,
                        Fault.of("prompt", "ids from 0 to " + (vocabulary - 1), Integer.toString(id)));
            }
        }
    }

    /** In what numbers it serves, such as {@code int8}: hidden states of other numbers cannot be compared. */
    public String dtype() {
        return machine.dtype();
    }

    /** What the engine is doing now. */
    public EngineStats stats() {
        return machine.stats();
    }

    /** Ends all answers with {@link UnavailableException} and frees the model. */
    @Override
    public void close() {
        house.close();
    }
}
