package dev.apprentice.engine.text;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.UnprocessableException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a conversation with its answer in two. The answer is what the whole rendering has beyond the prompt, up to the
 * first control token behind the answer's text: that one is the end of the turn. With most templates the prompt is a
 * prefix of the whole; where it is not (a prompt that opens a thought which the whole leaves out), the border is the
 * last control token that both share.
 */
final class SpanCutter {
    private final ChatTemplate template;
    private final Tokenizer tokenizer;
    private final @Nullable String eos;

    SpanCutter(ChatTemplate template, Tokenizer tokenizer, @Nullable String eos) {
        this.template = template;
        this.tokenizer = tokenizer;
        this.eos = eos;
    }

    TrainingSpan cut(List<ChatMessage> messages, List<? extends Map<String, ?>> tools, ChatMessage answer) {
        List<ChatMessage> whole = new ArrayList<>(messages);
        var said = answer;
        if (!whole.isEmpty() && whole.getLast().isPlainAssistant()) {
            said = answer.withContent(whole.removeLast().content() + answer.content());
        }
        whole.add(said);
        var promptText = template.text(messages, tools, true, Map.of());
        var wholeText = template.text(whole, tools, false, Map.of());
        int border = wholeText.startsWith(promptText) ? promptText.length() : sharedBorder(promptText, wholeText);
        var prompt = template.prompt(wholeText.substring(0, border)).ids();
        var rest = wholeText.substring(border);
        var content = tokenizer.guard().marked(answer.content(), true).strip();
        int at = rest.indexOf(content);
        return span(
                prompt,
                wholeText.substring(0, border),
                rest,
                Math.max(at < 0 ? 0 : at + content.length(), lastCall(rest, answer)));
    }

    /** Where the last call's name ends: before that, a control token only announces calls. */
    private static int lastCall(String rest, ChatMessage answer) {
        if (answer.toolCalls().isEmpty()
                || !(answer.toolCalls().getLast().get("function") instanceof Map<?, ?> function)) {
            return 0;
        }
        var name = "\"" + function.get("name") + "\"";
        int at = rest.lastIndexOf(name);
        return at < 0 ? 0 : at + name.length();
    }

    private TrainingSpan span(int[] prompt, String before, String rest, int from) {
        for (int i = from; i < rest.length(); i++) {
            var token = tokenizer.guard().at(rest, i);
            if (token != null && token.special()) {
                return new TrainingSpan(prompt, answer(prompt, before, rest.substring(0, i), token.id()));
            }
        }
        var stop = eos == null ? OptionalInt.empty() : tokenizer.id(eos);
        if (stop.isEmpty()) {
            throw new UnprocessableException(
                    "no_stop_token",
                    "the chat template ends an assistant's turn without a control token, and the model has no eos_token, so "
                            + "where an answer stops cannot be learnt",
                    Fault.at("messages"));
        }
        return new TrainingSpan(prompt, answer(prompt, before, rest, stop.getAsInt()));
    }

    private int[] answer(int[] prompt, String before, String text, int stop) {
        var ids = ids(prompt, before, text);
        var answer = Arrays.copyOf(ids, ids.length + 1);
        answer[ids.length] = stop;
        return answer;
    }

    private int[] ids(int[] prompt, String before, String text) {
        if (!tokenizer.prefixesTexts()) {
            return tokenizer.encodeGuarded(text);
        }
        // Encoded apart, a text would get the space that SentencePiece puts before each: only together it has none.
        var together = template.prompt(before + text).ids();
        return together.length >= prompt.length && Arrays.mismatch(prompt, together) == prompt.length
                ? Arrays.copyOfRange(together, prompt.length, together.length)
                : tokenizer.encodeContinuation(text);
    }

    private int sharedBorder(String prompt, String whole) {
        int border = 0;
        for (int i = 0; i < Math.min(prompt.length(), whole.length()) && prompt.charAt(i) == whole.charAt(i); ) {
            var token = tokenizer.guard().at(whole, i);
            int end = i + (token == null ? 1 : token.text().length());
            if (token != null && token.special() && prompt.startsWith(token.text(), i)) {
                border = end;
            }
            i = end;
        }
        return border;
    }
}
