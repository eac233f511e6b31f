package dev.apprentice.learner.base;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.text.ChatMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Short general prompts of our own writing. Each block of 16 lines has one prompt of each of 16 kinds, so that any run
 * of lines is a fair sample. What is trained or fitted uses the first half, what is examined the second; never both.
 *
 * @param practice for anchors and for fitting the gate
 * @param exam for the exam's locality
 * @param protectedOnes requests that must be refused or answered with care
 */
public record Probes(List<String> practice, List<String> exam, List<String> protectedOnes) {
    /** How many of each half are looked at where each costs time: four of each of 16 kinds. */
    public static final int SAMPLE = 64;

    public Probes {
        practice = List.copyOf(practice);
        exam = List.copyOf(exam);
        protectedOnes = List.copyOf(protectedOnes);
    }

    /** The ones that come with the program: 128, 128 and 64. */
    public static Probes load() {
        var general = lines("probes.txt");
        int half = general.size() / 2;
        return new Probes(general.subList(0, half), general.subList(half, general.size()), lines("protected.txt"));
    }

    /** A probe as a request. */
    public static List<ChatMessage> asked(String probe) {
        return List.of(ChatMessage.of("user", probe));
    }

    private static List<String> lines(String name) {
        try (var in = Probes.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new FailedException("no_resource", "the program lacks its own resource " + name, Fault.at(name));
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new FailedException("no_resource", "the program cannot read its resource " + name, Fault.at(name), e);
        }
    }
}
