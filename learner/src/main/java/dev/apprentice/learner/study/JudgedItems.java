package dev.apprentice.learner.study;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.base.Base;
import dev.apprentice.learner.base.Conversation;
import dev.apprentice.learner.base.Span;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.interaction.Guided;
import dev.apprentice.learner.interaction.Spoken;
import dev.apprentice.learner.lesson.Judged;
import dev.apprentice.learner.lesson.Same;
import dev.apprentice.learner.loss.Graded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes tokens of judged answers, and says of which of them nothing can be learnt. */
final class JudgedItems {
    /** Runs of so many words are looked for in the request. */
    private static final int ECHO_WORDS = 5;

    private final Base base;
    private final Instance instance;
    private final OpinionPlan plan;
    private final List<JudgedItem> items = new ArrayList<>();
    private final Map<String, String> rejected = new LinkedHashMap<>();

    private JudgedItems(Base base, Instance instance, OpinionPlan plan) {
        this.base = base;
        this.instance = instance;
        this.plan = plan;
    }

    /**
     * What can be learnt.
     *
     * @param items each answer, or pair
     * @param rejected ids of lessons that nothing can be learnt of, with the reason
     */
    record Made(List<JudgedItem> items, Map<String, String> rejected) {
        Made {
            items = List.copyOf(items);
        }
    }

    static Made of(List<Judged> judged, Base base, Instance instance, OpinionPlan plan) {
        var making = new JudgedItems(base, instance, plan);
        making.pairs(judged);
        making.thumbs(judged);
        making.grades(judged);
        return new Made(making.items, making.rejected);
    }

    private void pairs(List<Judged> judged) {
        for (var one : judged) {
            if (one instanceof Judged.Preferred(var lesson, var messages, var tools, var better, var worse)) {
                var chosen = row(lesson.id(), messages, tools, better, true);
                var rejected = row(lesson.id(), messages, tools, worse, true);
                if (chosen == null || rejected == null) {
                    continue;
                }
                if (Arrays.equals(chosen.tokens(), rejected.tokens())) {
                    this.rejected.put(lesson.id(), "both answers are the same to the model");
                    continue;
                }
                items.add(new JudgedItem.Pair(lesson, chosen, rejected));
            }
        }
    }

    private void thumbs(List<Judged> judged) {
        var likes = judged.stream()
                .filter(Judged.Liked.class::isInstance)
                .map(Judged.Liked.class::cast)
                .filter(this::learnable)
                .toList();
        for (int i = 0; i < likes.size(); i++) {
            var like = likes.get(i);
            var answer = like.answer();
            var id = like.lesson().id();
            var row = row(id, answer.messages(), answer.tools(), answer.text(), answer.ended());
            if (row == null) {
                continue;
            }
            var other = likes.get((i + 1) % likes.size()).answer();
            var mismatched = other.text().equals(answer.text())
                    ? null
                    : span(answer.messages(), answer.tools(), other.text(), other.ended());
            items.add(new JudgedItem.Thumb(like.lesson(), row, mismatched, like.good()));
        }
    }

    private boolean learnable(Judged.Liked like) {
        var answer = like.answer();
        var reason = !like.good() && answer.guided() != Guided.FREE
                ? "lessons spoke in this answer, not the weights alone: correct it, or the lesson"
                : like.good() && answer.text().isBlank()
                        ? "the answer is empty"
                        : echoes(answer) ? "the answer repeats its request" : null;
        if (reason != null) {
            rejected.put(like.lesson().id(), reason);
        }
        return reason == null;
    }

    /** Whoever asks for a text and praises it teaches everybody his own words (docs/learning.md). */
    private boolean echoes(Spoken answer) {
        var asked = new HashSet<List<String>>();
        answer.messages().forEach(message -> asked.addAll(runs(message.content())));
        var runs = runs(answer.text());
        long echoed = runs.stream().filter(asked::contains).count();
        return !runs.isEmpty() && echoed > plan.echoShare() * runs.size();
    }

    private static List<List<String>> runs(String text) {
        var words = List.of(text.strip().toLowerCase(java.util.Locale.ROOT).split("\\s+"));
        var runs = new ArrayList<List<String>>();
        for (int i = 0; i + ECHO_WORDS <= words.size(); i++) {
            runs.add(words.subList(i, i + ECHO_WORDS));
        }
        return runs;
    }

    /** A reward of one answer, or an episode's for each of its answers. */
    private record Rewarded(Judged.Rewarded of, Spoken answer) {
        double reward() {
            return of.reward();
        }

        /** What a value function says of this turn; it judges the first of several answers. */
        @Nullable
        Double credit() {
            return answer.choice() == 0 ? of.credits().get(answer.interaction()) : null;
        }

        String request() {
            return Same.key(answer.messages());
        }
    }

    private void grades(List<Judged> judged) {
        var all = new ArrayList<Rewarded>();
        for (var one : judged) {
            if (one instanceof Judged.Rewarded rewarded) {
                rewarded.answers().forEach(answer -> all.add(new Rewarded(rewarded, answer)));
            }
        }
        var advantages = advantages(all);
        var useful = new HashMap<String, String>();
        for (int i = 0; i < all.size(); i++) {
            var answer = all.get(i).answer();
            var lesson = all.get(i).of().lesson();
            double advantage = advantages.get(i);
            if (advantage < 0 && answer.guided() != Guided.FREE) {
                useful.putIfAbsent(
                        lesson.id(), "lessons spoke in this answer, not the weights alone: correct it, or the lesson");
                continue;
            }
            useful.put(lesson.id(), "");
            if (Math.abs(advantage) < plan.advantageMin()) {
                continue; // just as was expected; that may change with other rewards
            }
            var row = row(lesson.id(), answer.messages(), answer.tools(), answer.text(), answer.ended());
            if (row == null) {
                continue;
            }
            var sampled = sampled(row, answer);
            items.add(
                    sampled == null
                            ? new JudgedItem.Grade(lesson, row, advantage, null)
                            : new JudgedItem.Grade(lesson, sampled, advantage, answer.logprob()));
        }
        useful.forEach((id, reason) -> {
            if (!reason.isEmpty()) {
                rejected.put(id, reason);
            }
        });
    }

    /**
     * Where a value function tells the turns of an episode apart, it says what each has earned (docs/learning.md).
     * Other rewards of the same request are compared with each other, and the rest with the mean of all.
     */
    private static List<Double> advantages(List<Rewarded> all) {
        var mean = Graded.aboveMean(all.stream().map(Rewarded::reward).toList());
        var byRequest = new HashMap<String, List<Integer>>();
        for (int i = 0; i < all.size(); i++) {
            byRequest
                    .computeIfAbsent(all.get(i).request(), _ -> new ArrayList<>())
                    .add(i);
        }
        var advantages = new ArrayList<>(mean);
        byRequest.values().stream().filter(same -> same.size() > 1).forEach(same -> {
            var above = Graded.leaveOneOut(
                    same.stream().map(i -> all.get(i).reward()).toList());
            for (int i = 0; i < same.size(); i++) {
                advantages.set(same.get(i), above.get(i));
            }
        });
        for (int i = 0; i < all.size(); i++) {
            var credit = all.get(i).credit();
            if (credit != null) {
                advantages.set(i, credit);
            }
        }
        return advantages;
    }

    /** The very tokens that were sampled, where they are those of {@code row}: their log-probability then is known. */
    private static JudgedItem.@Nullable Row sampled(JudgedItem.Row row, Spoken answer) {
        int end = row.start() + answer.tokens().length;
        return answer.logprob() != null
                        && answer.guided() == Guided.FREE
                        && answer.tokens().length > 0
                        && end <= row.tokens().length
                        && Arrays.equals(row.tokens(), row.start(), end, answer.tokens(), 0, answer.tokens().length)
                ? new JudgedItem.Row(Arrays.copyOf(row.tokens(), end), row.start())
                : null;
    }

    private JudgedItem.@Nullable Row row(
            String lesson, List<ChatMessage> messages, List<Map<String, Object>> tools, String text, boolean ended) {
        try {
            var row = span(messages, tools, text, ended);
            if (row == null) {
                rejected.put(lesson, "the answer is empty");
            } else if (row.tokens().length > base.contextTokens()) {
                rejected.put(lesson, "request and answer are longer than the model's context window");
                return null;
            }
            return row;
        } catch (ApprenticeException e) { // the chat template refuses it
            rejected.put(lesson, String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** Of an answer that was cut the end is no part; null if nothing is left. */
    private JudgedItem.@Nullable Row span(
            List<ChatMessage> messages, List<Map<String, Object>> tools, String text, boolean ended) {
        Span span = base.span(
                Conversation.under(instance.systemPrompt(), messages), tools, ChatMessage.of("assistant", text));
        var tokens = ended ? span.tokens() : Arrays.copyOf(span.tokens(), span.tokens().length - 1);
        return tokens.length > span.prompt().length ? new JudgedItem.Row(tokens, span.prompt().length) : null;
    }
}
