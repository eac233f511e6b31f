package dev.apprentice.server.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.batch.SampledToken;
import dev.apprentice.server.asking.Told;
import dev.apprentice.server.asking.ToldEvent;
import dev.apprentice.server.http.Wire;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One answer in the form of the older completions. Choices are numbered through all prompts; where there are several,
 * each choice names its own interaction.
 */
final class CompletionsJson {
    private final List<Told> told;
    private final CompletionsRequest wanted;
    private final LogprobsJson logprobs;
    private final int[] said;

    CompletionsJson(List<Told> told, CompletionsRequest wanted, LogprobsJson logprobs) {
        this.told = List.copyOf(told);
        this.wanted = wanted;
        this.logprobs = logprobs;
        this.said = new int[told.size()];
    }

    /** The answer in one piece. */
    ObjectNode whole(List<ToldEvent.Ended> choices) {
        var json = head();
        var list = json.putArray("choices");
        for (int at : best(choices)) {
            var ended = choices.get(at);
            int index = list.size();
            var text = wanted.before(index) + ended.text();
            var choice = choice(index, text, ended.completion().tokens(), ChatJson.word(ended.ending()));
            if (wanted.made() > wanted.choices()) {
                choice.put("choice", told.get(at).choice()); // which feedback names
            }
            list.add(choice);
        }
        json.set("usage", usage(choices));
        json.set("apprentice", Wire.value(told.getFirst().provenance()));
        return json;
    }

    /** The positions of the answers that are given out: of each prompt the likeliest, token for token, best first. */
    private List<Integer> best(List<ToldEvent.Ended> ended) {
        if (wanted.made() == wanted.choices()) {
            return IntStream.range(0, ended.size()).boxed().toList();
        }
        var best = new ArrayList<Integer>();
        for (int from = 0; from < ended.size(); from += wanted.made()) {
            IntStream.range(from, from + wanted.made())
                    .boxed()
                    .sorted(Comparator.comparingDouble(at -> -likelihood(ended.get(at))))
                    .limit(wanted.choices())
                    .forEach(best::add);
        }
        return best;
    }

    private static double likelihood(ToldEvent.Ended ended) {
        return ended.completion().tokens().stream()
                .mapToDouble(SampledToken::logprob)
                .average()
                .orElse(0);
    }

    /** The chunk with what stands before a choice, if anything does. */
    Optional<ObjectNode> echo(int index) {
        var before = wanted.before(index);
        return before.isEmpty() ? Optional.empty() : Optional.of(chunk(choice(index, before, List.of(), null)));
    }

    /** A chunk with more of a choice, if that says anything. */
    Optional<ObjectNode> more(int index, ToldEvent.Text more) {
        if (more.text().isEmpty() && (wanted.logprobs() == null || more.tokens().isEmpty())) {
            return Optional.empty();
        }
        return Optional.of(chunk(choice(index, more.text(), more.tokens(), null)));
    }

    /** The chunk that ends a choice; that of the last to end says where the answer comes from. */
    ObjectNode last(int index, ToldEvent.Ended ended, boolean all) {
        var json = chunk(choice(index, "", List.of(), ChatJson.word(ended.ending())));
        if (all) {
            json.set("apprentice", Wire.value(told.getFirst().provenance()));
        }
        return json;
    }

    /** The chunk that counts tokens, if it was asked for. */
    Optional<ObjectNode> count(List<ToldEvent.Ended> choices) {
        if (wanted.delivery() != ChatRequest.Delivery.STREAM_WITH_USAGE) {
            return Optional.empty();
        }
        var json = head();
        json.putArray("choices");
        json.set("usage", usage(choices));
        return Optional.of(json);
    }

    private ObjectNode head() {
        var first = told.getFirst();
        return Wire.object()
                .put("id", first.id())
                .put("object", "text_completion")
                .put("created", first.created().getEpochSecond())
                .put("model", first.model());
    }

    private ObjectNode chunk(ObjectNode choice) {
        var json = head();
        json.putArray("choices").add(choice);
        if (wanted.delivery() == ChatRequest.Delivery.STREAM_WITH_USAGE) {
            json.putNull("usage");
        }
        return json;
    }

    private ObjectNode choice(int index, String text, List<SampledToken> tokens, @Nullable String finish) {
        var choice = Wire.object().put("text", text).put("index", index);
        if (wanted.logprobs() == null || (tokens.isEmpty() && finish != null)) {
            choice.putNull("logprobs");
        } else {
            choice.set("logprobs", logprobs(index, tokens));
        }
        choice.put("finish_reason", finish);
        if (wanted.prompts().size() > 1) {
            choice.put(
                    "interaction",
                    told.get(index / wanted.choices() * wanted.made()).id());
        }
        return choice;
    }

    private ObjectNode logprobs(int index, List<SampledToken> tokens) {
        var json = Wire.object();
        var names = json.putArray("tokens");
        var chosen = json.putArray("token_logprobs");
        var tops = json.putArray("top_logprobs");
        var offsets = json.putArray("text_offset");
        for (var token : tokens) {
            var name = logprobs.name(token.id());
            names.add(name);
            chosen.add(token.logprob());
            var top = tops.addObject();
            token.top().forEach(other -> top.put(logprobs.name(other.id()), other.logprob()));
            offsets.add(said[index]);
            said[index] += name.codePointCount(0, name.length());
        }
        return json;
    }

    /** Each prompt is counted once, with the first of its choices. */
    private ObjectNode usage(List<ToldEvent.Ended> choices) {
        int made = 0;
        int prompts = 0;
        for (var ended : choices) {
            made += ended.completion().tokens().size();
            prompts += ended.completion().promptTokens();
        }
        prompts /= wanted.made();
        return Wire.object()
                .put("prompt_tokens", prompts)
                .put("completion_tokens", made)
                .put("total_tokens", prompts + made);
    }
}
