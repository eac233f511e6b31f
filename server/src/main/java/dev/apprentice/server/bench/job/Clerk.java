package dev.apprentice.server.bench.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.Json;
import dev.apprentice.engine.Seams;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The made-up clerk: 24 intents in six wordings each, of which four are taught and two only asked, and which of six
 * desks handles each. Where an intent goes is drawn; at each drift half of the intents go elsewhere. No message comes
 * twice. The same seed gives the same job.
 */
final class Clerk {
    private static final int TAUGHT_WORDINGS = 4;

    private final List<List<String>> intents = new ArrayList<>();
    private final List<String> things;
    private final List<String> openings;
    private final List<String> endings;
    private final List<String> desks;
    private final String prompt;
    private final int[] desk;
    private final RandomGenerator random;
    private final Set<String> used = new HashSet<>();

    Clerk(long seed) {
        try (var in = Clerk.class.getResourceAsStream("clerk.json")) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its own resource clerk.json");
            }
            var tree = Json.strict().readTree(in);
            prompt = tree.path("prompt").asText();
            desks = texts(tree.path("desks"));
            things = texts(tree.path("things"));
            openings = texts(tree.path("openings"));
            endings = texts(tree.path("endings"));
            tree.path("intents").forEach(intent -> intents.add(texts(intent)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        random = Seams.random(seed);
        desk = new int[intents.size()];
        for (int i = 0; i < desk.length; i++) {
            desk[i] = i % desks.size();
        }
        for (int i = desk.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int other = desk[j];
            desk[j] = desk[i];
            desk[i] = other;
        }
    }

    private static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** From here on half of the intents go to another desk than before. */
    void drift() {
        var order = new ArrayList<Integer>();
        for (int i = 0; i < desk.length; i++) {
            order.add(i);
        }
        Collections.shuffle(order, Random.from(random));
        for (int i : order.subList(0, desk.length / 2)) {
            desk[i] = (desk[i] + 1 + random.nextInt(desks.size() - 1)) % desks.size();
        }
    }

    /** Messages in the wordings that are taught; each intent comes as often as every other, give or take one. */
    List<Task> messages(int count) {
        return drawn(count, 0, TAUGHT_WORDINGS);
    }

    /** Messages in wordings that are never taught. */
    List<Task> heldOut(int count) {
        return drawn(count, TAUGHT_WORDINGS, intents.getFirst().size());
    }

    private List<Task> drawn(int count, int from, int to) {
        var tasks = new ArrayList<Task>();
        var order = new ArrayList<Integer>();
        while (tasks.size() < count) {
            if (order.isEmpty()) {
                for (int i = 0; i < desk.length; i++) {
                    order.add(i);
                }
                Collections.shuffle(order, Random.from(random));
            }
            int intent = order.getLast();
            var wording = intents.get(intent).get(from + random.nextInt(to - from));
            var message = sentence(any(openings) + wording.replace("{}", any(things)) + any(endings));
            if (used.add(message)) {
                order.removeLast();
                tasks.add(new Task(prompt.replace("{}", message), desks.get(desk[intent])));
            }
        }
        return tasks;
    }

    private String any(List<String> texts) {
        return texts.get(random.nextInt(texts.size()));
    }

    private static String sentence(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
