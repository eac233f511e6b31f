package dev.apprentice.server.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.batch.Completion;
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
    private final int[] begun;

    CompletionsJson(List<Told> told, CompletionsRequest wanted, LogprobsJson logprobs) {
        this.told = List.copyOf(told);
        this.wanted = wanted;
        this.logprobs = logprobs;
        this.begun = new int[told.size()];
    }

    /** The answer in one piece. */
    ObjectNode whole(List<ToldEvent.Ended> choices) {
        var json = head();
        var list = json.putArray("choices");
        for (int at : best(choices)) {
            var ended = choices.get(at);
            int index = list.size();
            var text = wanted.before(index) + ended.text();
            var choice = choice(index, text, lists(index, ended.completion()), ChatJson.word(ended.ending()));
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

    /** The chunk with what stands before a choice, if anything does that need not be scored first. */
    Optional<ObjectNode> echo(int index) {
        var before = wanted.before(index);
        return before.isEmpty() || wanted.scored()
                ? Optional.empty()
                : Optional.of(chunk(choice(index, before, lists(index, List.of()), null)));
    }

    /** The chunk with what stands before a choice and what its tokens from the second on score. */
    ObjectNode echo(int index, List<SampledToken> scored) {
        return chunk(choice(index, wanted.before(index), prompt(index, scored), null));
    }

    /** A chunk with more of a choice, if that says anything. */
    Optional<ObjectNode> more(int index, ToldEvent.Text more) {
        if (more.text().isEmpty() && (wanted.logprobs() == null || more.tokens().isEmpty())) {
            return Optional.empty();
        }
        return Optional.of(chunk(choice(index, more.text(), lists(index, more.tokens()), null)));
    }

    /** The chunk that ends a choice; that of the last to end says where the answer comes from. */
    ObjectNode last(int index, ToldEvent.Ended ended, boolean all) {
        var json = chunk(choice(index, "", null, ChatJson.word(ended.ending())));
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

    private ObjectNode choice(int index, String text, @Nullable TokenLists lists, @Nullable String finish) {
        var choice = Wire.object().put("text", text).put("index", index);
        if (wanted.logprobs() == null || lists == null) {
            choice.putNull("logprobs");
        } else {
            choice.set("logprobs", lists.json());
            begun[index] = lists.begun();
        }
        choice.put("finish_reason", finish);
        if (wanted.prompts().size() > 1) {
            choice.put(
                    "interaction",
                    told.get(index / wanted.choices() * wanted.made()).id());
        }
        return choice;
    }

    /** What a whole choice scores: nothing where nothing was said and no prompt is scored. */
    private @Nullable TokenLists lists(int index, Completion completion) {
        if (!wanted.scored()) {
            return completion.tokens().isEmpty() ? null : lists(index, completion.tokens());
        }
        var lists = prompt(index, completion.scored());
        lists.all(completion.tokens());
        return lists;
    }

    private TokenLists prompt(int index, List<SampledToken> scored) {
        var lists = new TokenLists(logprobs, 0);
        lists.first(wanted.firstToken(index), wanted.before(index));
        lists.all(scored);
        return lists;
    }

    private TokenLists lists(int index, List<SampledToken> tokens) {
        var lists = new TokenLists(logprobs, begun[index]);
        lists.all(tokens);
        return lists;
    }

    /** Each prompt is counted once, with the first of its choices. */
    private ObjectNode usage(List<ToldEvent.Ended> choices) {
        int made = 0;
        int prompts = 0;
        int cached = 0;
        for (int at = 0; at < choices.size(); at++) {
            var completion = choices.get(at).completion();
            made += completion.tokens().size();
            if (at % wanted.made() == 0) {
                prompts += completion.promptTokens();
                cached += completion.cachedTokens();
            }
        }
        var json = Wire.object()
                .put("prompt_tokens", prompts)
                .put("completion_tokens", made)
                .put("total_tokens", prompts + made);
        json.putObject("prompt_tokens_details").put("cached_tokens", cached);
        return json;
    }
}
