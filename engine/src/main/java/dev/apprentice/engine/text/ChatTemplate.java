package dev.apprentice.engine.text;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.text.jinja.JinjaTemplate;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Conversations to prompts, by a model's own chat template. Safe for any thread.
 *
 * <p>Contents, names, tool calls and tools are guarded: a control token typed in one of them stays text. The last
 * message of an assistant is continued, not closed. A prompt has its BOS token once.
 */
public final class ChatTemplate {
    private static final System.Logger LOG = System.getLogger(ChatTemplate.class.getName());

    /** Behind the content that is to be continued; the space shows whether the template trims. */
    private static final char CONTINUED = '\uFDD2';

    private final Source source;
    private final Tokenizer tokenizer;
    private final Clock clock;
    private final Map<String, JinjaTemplate> parsed = new ConcurrentHashMap<>();
    private final AtomicBoolean doubledBosLogged = new AtomicBoolean();
    private final ToolTurns toolTurns;

    /**
     * What a model brings along.
     *
     * @param variants template sources by name: {@code default}, and maybe {@code tool_use}; empty if the model has
     *     none
     * @param tokens the texts of special tokens by their variable's name: {@code bos_token}, {@code eos_token}, …
     * @param addsBos whether every prompt has to begin with the BOS token, written by the template or not
     */
    public record Source(Map<String, String> variants, Map<String, String> tokens, boolean addsBos) {
        /** Copies both maps. */
        public Source {
            variants = Map.copyOf(variants);
            tokens = Map.copyOf(tokens);
        }

        /** A model that has no template. */
        public static Source none() {
            return new Source(Map.of(), Map.of(), false);
        }
    }

    /** The template of {@code source} over {@code tokenizer}, which stays the caller's to close. */
    public ChatTemplate(Source source, Tokenizer tokenizer, Clock clock) {
        this.source = source;
        this.tokenizer = tokenizer;
        this.clock = clock;
        this.toolTurns = ToolTurns.of(source);
    }

    /** Whether there is a template; without one, conversations are refused. */
    public boolean exists() {
        return source.variants().containsKey("default");
    }

    /**
     * The prompt for {@code messages}.
     *
     * @param tools function descriptions in OpenAI's shape; none if empty
     * @param addGenerationPrompt whether the assistant is to speak next: in a new turn, or, if the last message is the
     *     assistant's, by continuing that
     * @param extra further variables for the template
     * @throws InvalidRequestException {@code template_refused} with the template's own words, or
     *     {@code no_chat_template}
     */
    public Prompt render(
            List<ChatMessage> messages,
            List<? extends Map<String, ?>> tools,
            boolean addGenerationPrompt,
            Map<String, ? extends @Nullable Object> extra) {
        return prompt(text(messages, tools, addGenerationPrompt, extra));
    }

    /** How this model calls tools; empty if its template does not offer it any, or does so in a form unknown here. */
    public Optional<ToolFormat> toolFormat() {
        return toolTurns.format().filter(_ -> showsTools());
    }

    private boolean showsTools() {
        var name = "shown_to_the_model";
        var function = Map.of("name", name, "description", "", "parameters", Map.of("type", "object"));
        try {
            var shown = text(
                    List.of(ChatMessage.of("user", "?")),
                    List.of(Map.of("type", "function", "function", function)),
                    true,
                    Map.of());
            return shown.contains(name);
        } catch (InvalidRequestException e) {
            return false;
        }
    }

    /** What is learnt from {@code answer} to {@code messages}. */
    public TrainingSpan span(List<ChatMessage> messages, String answer) {
        return span(messages, List.of(), ChatMessage.of("assistant", answer));
    }

    /** What is learnt from {@code answer}, which may hold tool calls, to {@code messages} with {@code tools}. */
    public TrainingSpan span(List<ChatMessage> messages, List<? extends Map<String, ?>> tools, ChatMessage answer) {
        return new SpanCutter(this, tokenizer, source.tokens().get("eos_token")).cut(messages, tools, answer);
    }

    /** The rendered text, with the marks of the {@link Guard}. */
    String text(
            List<ChatMessage> messages,
            List<? extends Map<String, ?>> tools,
            boolean addGenerationPrompt,
            Map<String, ? extends @Nullable Object> extra) {
        boolean continues =
                addGenerationPrompt && !messages.isEmpty() && messages.getLast().isPlainAssistant();
        Map<String, @Nullable Object> context = new LinkedHashMap<>();
        var guarded = new GuardedValues(tokenizer.guard());
        context.put("messages", guarded.messages(toolTurns.shown(messages), continues ? CONTINUED + " " : ""));
        context.put("tools", tools.isEmpty() ? null : guarded.value(tools));
        context.put("documents", null);
        context.put("add_generation_prompt", addGenerationPrompt && !continues);
        context.putAll(source.tokens());
        extra.forEach((name, value) -> context.put(name, value == null ? null : guarded.value(value)));
        var text = template(tools.isEmpty() ? "default" : "tool_use").render(context);
        return continues ? cut(text) : text;
    }

    private static String cut(String text) {
        int end = text.lastIndexOf(CONTINUED);
        if (end < 0) {
            throw new InvalidRequestException(
                    JinjaTemplate.REFUSED,
                    "the chat template leaves out the last assistant message, so it cannot be continued",
                    Fault.at("messages"));
        }
        boolean trims = !text.startsWith(" ", end + 1);
        return trims ? text.substring(0, end).stripTrailing() : text.substring(0, end);
    }

    private JinjaTemplate template(String wanted) {
        var name = source.variants().containsKey(wanted) ? wanted : "default";
        var template = source.variants().get(name);
        if (template == null) {
            throw new InvalidRequestException(
                    "no_chat_template",
                    "this model has no chat template, so it answers raw completions only; put one beside the model as "
                            + "chat_template.jinja",
                    Fault.at("messages"));
        }
        return parsed.computeIfAbsent(name, _ -> JinjaTemplate.parse(template, clock));
    }

    Prompt prompt(String marked) {
        // Nothing typed looks like a control token: the text needs no second tokenizer.
        boolean plain = marked.indexOf(Guard.MARK) < 0;
        var ids = plain ? tokenizer.encode(marked, false) : tokenizer.encodeGuarded(marked);
        return new Prompt(Guard.unmarked(marked), withOneBos(ids));
    }

    private int[] withOneBos(int[] ids) {
        var bosText = source.tokens().get("bos_token");
        if (bosText == null || tokenizer.id(bosText).isEmpty()) {
            return ids;
        }
        int bos = tokenizer.id(bosText).getAsInt();
        if (ids.length > 1 && ids[0] == bos && ids[1] == bos) {
            if (!doubledBosLogged.getAndSet(true)) {
                LOG.log(Level.WARNING, "event=doubled_bos token={0} action=dropped_one", bosText);
            }
            return java.util.Arrays.copyOfRange(ids, 1, ids.length);
        }
        if (source.addsBos() && (ids.length == 0 || ids[0] != bos)) {
            var longer = new int[ids.length + 1];
            longer[0] = bos;
            System.arraycopy(ids, 0, longer, 1, ids.length);
            return longer;
        }
        return ids;
    }
}
