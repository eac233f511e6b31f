package dev.apprentice.learner.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.Seams;
import dev.apprentice.learner.lesson.LessonFilter;
import dev.apprentice.learner.promotion.Trial;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 of a real process, again and again on one data folder. */
class KilledFaultTest {
    private static final int ROUNDS = 5;

    @TempDir
    private Path folder;

    @Test
    void whatWasAcknowledgedSurvivesAKillAtAnyMoment() throws Exception {
        var random = Seams.random(15);
        var lessons = new ArrayList<String>();
        var live = 0;
        for (var round = 0; round < ROUNDS; round++) {
            for (var said : untilKilled(20 + random.nextInt(200))) {
                var words = said.split(" ", 2);
                switch (words[0]) {
                    case "lesson" -> lessons.add(words[1]);
                    case "live" -> live = Integer.parseInt(words[1]);
                    default -> throw new AssertionError("the process said: " + said);
                }
            }
            try (var house = new CheckpointHouse(folder)) {
                assertThat(ids(house)).containsAll(lessons);
                assertThat(house.serving()).isGreaterThanOrEqualTo(live); // the last may have had no time to say so
                assertThat(house.checkpoints().brokenLive()).isEmpty();
                assertTrialsAndStatesAgree(house);
                assertThat(house.folders())
                        .allSatisfy(entry ->
                                assertThat(entry.getFileName().toString()).doesNotStartWith(".new-"));
            }
        }
        assertThat(lessons).hasSizeGreaterThan(ROUNDS);
        assertThat(live).isPositive();
    }

    /** Whoever is called shadow or canary is on trial, and nobody else; what is watched is live. */
    private static void assertTrialsAndStatesAgree(CheckpointHouse house) {
        var running = house.checkpoints().onTrial().trials().running("apprentice");
        assertThat(running.stream().filter(trial -> trial.kind() == Trial.Kind.WATCH))
                .hasSizeLessThanOrEqualTo(1)
                .allSatisfy(trial -> assertThat(trial.checkpoint()).isEqualTo(house.serving()));
        assertThat(running.stream()
                        .filter(trial -> trial.kind() != Trial.Kind.WATCH)
                        .map(trial -> trial.checkpoint() + " " + trial.kind()))
                .containsExactlyElementsOf(house.checkpoints().list("apprentice").stream()
                        .filter(made ->
                                made.state() == CheckpointState.SHADOW || made.state() == CheckpointState.CANARY)
                        .map(made -> made.number() + " " + made.state())
                        .toList());
    }

    /** What the process had acknowledged when, after {@code lines} lines, it was killed. */
    private List<String> untilKilled(int lines) throws IOException, InterruptedException {
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                BusyHouse.class.getName(),
                folder.toString());
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var said = new ArrayList<String>();
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (var line = out.readLine(); line != null; line = out.readLine()) {
                said.add(line);
                if (said.size() == lines) {
                    process.toHandle().destroyForcibly(); // its last words still count
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(said.size()).isGreaterThanOrEqualTo(lines);
        if (!said.getLast().matches("lesson les_[0-9a-f]{26}|live [0-9]+")) {
            said.removeLast(); // torn by the kill
        }
        return said;
    }

    private static List<String> ids(CheckpointHouse house) {
        var ids = new ArrayList<String>();
        var next = (String) null;
        do {
            var page = house.ledger().list(LessonFilter.of("apprentice"), next, 1000);
            page.data().forEach(lesson -> ids.add(lesson.id()));
            next = page.next();
        } while (next != null);
        return ids;
    }
}
