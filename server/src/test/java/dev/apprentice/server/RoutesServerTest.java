package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract's page and the server name the same points. */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class RoutesServerTest {
    private static final Path PAGE = Path.of("..", "docs", "api.md");

    @Test
    void thePageListsExactlyWhatCanBeAskedFor(Apprentice apprentice) throws IOException {
        var rows = apprentice.routes().all().stream()
                .map(route -> "| `" + route + "` | " + (route.built() ? "built" : "501") + " |")
                .map(row -> row.replace("{+id}", "{id}"))
                .toList();
        var section = Files.readString(PAGE).split(Pattern.quote("## All points\n"), -1);
        assertThat(section).as("docs/api.md has one section 'All points'").hasSize(2);
        var told = section[1]
                .split(Pattern.quote("\n## "), 2)[0]
                .lines()
                .filter(line -> line.startsWith("| `"))
                .toList();
        assertThat(told).isEqualTo(rows);
    }

    @Test
    void everyPathThatThePageNamesIsServed(Apprentice apprentice) throws IOException {
        var served = apprentice.routes().all().stream()
                .map(route -> route.path().replace("{+id}", "{id}"))
                .toList();
        var named = Pattern.compile("`[^`]*?(/(?:v1|health)/[\\w:/{}.-]*)").matcher(Files.readString(PAGE));
        assertThat(named.results().map(found -> found.group(1)))
                .isNotEmpty()
                .allSatisfy(path -> assertThat(served).anyMatch(route -> route.equals(path) || route.startsWith(path)));
    }
}
