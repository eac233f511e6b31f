package dev.apprentice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.Checkout.Line;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the house does not want to see, each with what to write instead. */
class TidyTest {
    private static final int LINES_MAX = 400;
    private static final Checkout HERE = Checkout.find();

    /**
     * Something that may not be written.
     *
     * @param pattern what it looks like in one line
     * @param instead what to write in its place
     * @param where the files that it holds for
     * @param example a line that breaks it, so that a rule that finds nothing is noticed
     */
    record Banned(String pattern, String instead, Predicate<Path> where, String example) {
        boolean isIn(String line) {
            return Pattern.compile(pattern).matcher(line).find();
        }

        @Override
        public String toString() {
            return pattern;
        }
    }

    private static boolean isMain(Path file) {
        return file.toString().contains("src/main/java");
    }

    private static boolean isAny(Path file) {
        return true;
    }

    private static Banned ban(String pattern, Predicate<Path> where, String example, String instead) {
        return new Banned(pattern, instead, where, example);
    }

    private static Predicate<Path> except(Predicate<Path> where, String... ends) {
        return where.and(
                file -> Stream.of(ends).noneMatch(end -> file.toString().contains(end)));
    }

    static Stream<Banned> banned() {
        return Stream.of(
                ban(
                        "System\\.(out|err)\\b",
                        except(
                                TidyTest::isAny,
                                "server/src/main/java/dev/apprentice/server/command/",
                                "Bench.java"), // a bench is run by hand and reports to a person
                        "System.out.println(x)",
                        "System.Logger; only the command line talks to a person"),
                ban(
                        "\\bThread\\.sleep\\b|TimeUnit\\.\\w+\\.sleep\\b",
                        except(
                                TidyTest::isAny,
                                "learner/base/Questions.java", // backs off from a full queue, which tells nobody
                                "Bench.java"),
                        "Thread.sleep(10)",
                        "wait for the thing itself: a queue, a latch or a condition with a deadline"),
                ban(
                        "\\.printStackTrace\\(",
                        TidyTest::isAny,
                        "e.printStackTrace()",
                        "System.Logger with the exception"),
                ban(
                        "(?<!<)\\bOptional(Int|Long|Double)?(<[^;(){}]*>)? \\w+\\s*[,)]",
                        except(
                                TidyTest::isMain,
                                "engine/model/GgufMetadata.java",
                                "engine/model/JsonFile.java",
                                "learner/checkpoint/Lineup.java"),
                        "void f(Optional<String> name)",
                        "@Nullable, or an overload; Optional is for results"),
                ban(
                        "new ObjectMapper\\(",
                        except(TidyTest::isMain, "engine/model/Json.java", "engine/text/TokenizerFile.java"),
                        "new ObjectMapper()",
                        "dev.apprentice.engine.Json.strict(), or its rebuild()"),
                ban("\\b(TODO|FIXME|XXX)\\b", TidyTest::isAny, "// TODO later", "do it, or file an issue"),
                ban(
                        "java\\.util\\.(Date|Calendar)\\b|\\bSimpleDateFormat\\b",
                        TidyTest::isAny,
                        "import java.util.Date;",
                        "java.time"),
                ban(
                        "\\b(Instant|LocalDate|LocalDateTime|ZonedDateTime|OffsetDateTime)\\.now\\((\\)|Zone)|currentTimeMillis\\(|Clock\\.system",
                        except(TidyTest::isMain, "engine/Seams.java"),
                        "Instant.now()",
                        "the clock of Seams"),
                ban(
                        "\\bMath\\.random\\(|UUID\\.randomUUID\\(|new SecureRandom\\(|new Random\\(\\)|ThreadLocalRandom",
                        except(TidyTest::isAny, "engine/Seams.java", "client/Seams.java"),
                        "UUID.randomUUID()",
                        "the ids and seeds of Seams"),
                ban(
                        "java\\.util\\.logging\\.Logger|org\\.slf4j|org\\.apache\\.logging|lombok\\.",
                        file -> Checkout.name(file).endsWith(".java"),
                        "import org.slf4j.Logger;",
                        "System.Logger; records instead of Lombok"),
                ban(
                        "\\bCompletableFuture\\b",
                        file -> file.startsWith("server/src/main/java"),
                        "CompletableFuture<String> f",
                        "blocking code on a virtual thread"),
                ban(
                        "@Disabled\\b|\\bassume(That|True|False)\\(|\\bAssumptions\\b",
                        TidyTest::isAny,
                        "@Disabled",
                        "a tag that reports 'not run' and why; a skipped test looks like a good one"),
                ban(
                        "\\b(class|interface|record|enum) \\w+(Utils?|Helpers?|Manager|Impl)\\b",
                        TidyTest::isAny,
                        "final class TextUtils {",
                        "the noun that is missing"));
    }

    @ParameterizedTest
    @MethodSource("banned")
    void nothingBannedIsWritten(Banned banned) {
        assertThat(banned.isIn(banned.example))
                .as("the rule finds its own example")
                .isTrue();

        assertThat(findings(HERE.java(), banned))
                .as("instead of %s write: %s", banned.pattern, banned.instead)
                .isEmpty();
    }

    private static List<Line> findings(List<Path> files, Banned banned) {
        return files.stream()
                .filter(banned.where)
                .filter(file -> !Checkout.name(file).equals("TidyTest.java"))
                .flatMap(file -> HERE.lines(file).stream())
                .filter(line -> banned.isIn(line.text()))
                .toList();
    }

    @Test
    void noTextNamesThisOrThatMachine() {
        var machine = ban(
                "(?<![\\w.])/(work|root|home|Users)/\\w|/tmp/ref/|pypi\\.org|pythonhosted|repo1?\\.maven|registry\\.npmjs",
                TidyTest::isAny,
                "/home/me/x",
                "a path relative to the checkout, a setting, or a temporary folder");

        assertThat(machine.isIn(machine.example)).isTrue();
        assertThat(findings(HERE.texts(), machine))
                .as("instead: %s", machine.instead)
                .isEmpty();
    }

    @Test
    void packagesAreNamedForWhatIsInThem() {
        assertThat(packages()
                        .filter(name -> name.matches(".*\\b(util|utils|common|impl|manager|helper|helpers|misc)\\b.*")))
                .as("a package is a room with a name; these say nothing")
                .isEmpty();
    }

    private static Stream<String> packages() {
        return HERE.java().stream()
                .map(file -> String.valueOf(file.getParent())
                        .replaceFirst(".*/java/", "")
                        .replace('/', '.'))
                .distinct();
    }

    @Test
    void everyPackageSaysWhatItIsAndIsNullMarked() {
        var mains = HERE.java().stream()
                .filter(TidyTest::isMain)
                .map(file -> String.valueOf(file.getParent()))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(mains).isNotEmpty().allSatisfy(folder -> {
            var info = Path.of(folder, "package-info.java");
            assertThat(HERE.java()).as("package-info.java in %s", folder).contains(info);
            assertThat(HERE.text(info)).contains("@NullMarked").startsWith("/**");
        });
    }

    @Test
    void noFileIsTooLongToRead() {
        assertThat(HERE.files(file -> Checkout.name(file).endsWith(".java")
                        || Checkout.name(file).equals("apprentice")))
                .filteredOn(file -> HERE.lines(file).size() - 1 > LINES_MAX)
                .as("at most %s lines; a long file hides a missing noun", LINES_MAX)
                .isEmpty();
    }

    @Test
    void theTreeInTheReadmeIsTheRealTree() {
        var readme = HERE.text(Path.of("README.md"));
        var tree = Pattern.compile("## Where things are\\s+```\\n(.*?)```", Pattern.DOTALL)
                .matcher(readme);
        assertThat(tree.find())
                .as("README.md has a section 'Where things are' with a block")
                .isTrue();

        var told = tree.group(1)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith(" "))
                .map(line -> line.split("\\s+", 2)[0])
                .filter(name -> !name.startsWith("."))
                .sorted()
                .toList();

        assertThat(told).isEqualTo(HERE.top());
    }

    @Test
    void theClientStandsAlone() {
        assertThat(HERE.java().stream()
                        .filter(file -> file.startsWith("client-sdk/src/main"))
                        .flatMap(file -> HERE.lines(file).stream())
                        .filter(line -> line.text().matches(".*dev\\.apprentice\\.(engine|learner|server)\\b.*")))
                .as("client-sdk depends on no other module")
                .isEmpty();
    }

    @Test
    void linksInDocumentsLeadSomewhere() {
        var link = Pattern.compile("]\\(([^)#:\\s]+)[)#]");
        var dead = HERE.texts().stream()
                .filter(file -> file.toString().endsWith(".md"))
                .flatMap(file -> HERE.lines(file).stream())
                .filter(line -> link.matcher(line.text()).results().anyMatch(found -> {
                    var target = line.file().resolveSibling(found.group(1)).normalize();
                    return !HERE.exists(target);
                }))
                .toList();

        assertThat(dead).as("links to files that are not there").isEmpty();
    }

    @Test
    void theIndexOfTheDocumentsIsComplete() {
        var index = HERE.text(Path.of("docs/README.md"));

        assertThat(HERE.files(file -> file.startsWith("docs") && file.getNameCount() == 2))
                .extracting(Checkout::name)
                .filteredOn(name -> !name.equals("README.md"))
                .allSatisfy(name -> assertThat(index).contains("](" + name + ")"));
    }
}
