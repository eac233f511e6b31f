package dev.apprentice;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Which room may use which. {@code server → learner → engine}; nothing points back. The rooms of the engine have an
 * exact list, as DESIGN has it; a room that is not in a list yet may use all of its own module and of those below, as
 * long as no two rooms use each other.
 */
class EdgesTest {
    private static final String HOUSE = "dev.apprentice.";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.apprentice.engine", "dev.apprentice.learner", "dev.apprentice.server");

    /**
     * The engine's rooms and those that each may use, besides the engine's root, which has the errors and the seams.
     */
    private static final Map<String, Set<String>> ENGINE = Map.of(
            "engine.model.hub", Set.of(),
            "engine.model", Set.of("engine.text"),
            "engine.text", Set.of(),
            "engine.memory", Set.of(),
            "engine.decoder", Set.of("engine.model", "engine.memory"),
            "engine.adapter", Set.of("engine.model", "engine.memory", "engine.decoder"),
            "engine.sampling", Set.of("engine.text", "engine.memory", "engine.decoder"),
            "engine.batch",
                    Set.of(
                            "engine.model",
                            "engine.text",
                            "engine.memory",
                            "engine.decoder",
                            "engine.adapter",
                            "engine.sampling"),
            "engine.training",
                    Set.of(
                            "engine.model",
                            "engine.text",
                            "engine.memory",
                            "engine.decoder",
                            "engine.adapter",
                            "engine.sampling",
                            "engine.batch"));

    /** What each module may use of the others. */
    private static final Map<String, Set<String>> MODULES = Map.of(
            "engine", Set.of("engine"),
            "learner", Set.of("learner", "engine"),
            "server", Set.of("server", "learner", "engine", "client"));

    @Test
    void modulesUseOnlyWhatLiesBelow() {
        classes()
                .should(new Edge(
                        "use only modules below",
                        (from, to) ->
                                MODULES.getOrDefault(module(from), Set.of()).contains(module(to))))
                .check(CLASSES);
    }

    @Test
    void theRoomsOfTheEngineUseOnlyWhatTheListAllows() {
        classes()
                .should(new Edge("use only the rooms in the list", EdgesTest::isAllowed))
                .check(CLASSES);
    }

    private static boolean isAllowed(String from, String to) {
        var room = room(from);
        var allowed = ENGINE.get(room);
        return allowed == null
                || !module(to).equals("engine")
                || to.equals("engine")
                || room(to).equals(room)
                || allowed.contains(room(to));
    }

    @Test
    void noTwoRoomsUseEachOther() {
        for (var module : MODULES.keySet()) {
            slices().matching(HOUSE + module + ".(*)..")
                    .should()
                    .beFreeOfCycles()
                    .allowEmptyShould(true)
                    .check(CLASSES);
        }
    }

    @Test
    void onlyTheRoomsOfTensorsKnowDjl() {
        noClasses()
                .that(DescribedPredicate.describe(
                        "lie outside the rooms of tensors",
                        type -> !Set.of(
                                        "engine.decoder",
                                        "engine.memory",
                                        "engine.training",
                                        "engine.batch",
                                        "engine.adapter",
                                        "engine.sampling",
                                        "engine.text")
                                .contains(room(packageOf(type)))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.djl..")
                .check(CLASSES);
    }

    @Test
    void theRoomOfTextKnowsDjlsTokenizerOnly() {
        noClasses()
                .that()
                .resideInAPackage("dev.apprentice.engine.text..")
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are DJL's, its tokenizer aside",
                        type -> type.getPackageName().startsWith("ai.djl")
                                && !type.getPackageName().startsWith("ai.djl.huggingface")))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void theseRulesSeeTheHouse() {
        assertThat(CLASSES.contain("dev.apprentice.engine.ApprenticeException")).isTrue();
        assertThat(CLASSES.contain("dev.apprentice.server.command.Main")).isTrue();
        assertThat(isAllowed("engine.text", "engine.decoder")).isFalse();
        assertThat(isAllowed("engine.text.jinja", "engine.text")).isTrue();
        assertThat(isAllowed("engine.text.jinja", "engine.decoder")).isFalse();
        assertThat(isAllowed("engine.model.hub", "engine.model")).isFalse();
        assertThat(isAllowed("engine.batch", "engine.decoder")).isTrue();
        assertThat(isAllowed("engine", "engine.decoder")).isTrue();
        assertThat(isAllowed("learner.study", "learner.lesson")).isTrue();
    }

    /** Whether one package of the house may use another. */
    @FunctionalInterface
    private interface Allowed {
        boolean test(String from, String to);
    }

    private static final class Edge extends ArchCondition<JavaClass> {
        private final Allowed allowed;

        Edge(String description, Allowed allowed) {
            super(description);
            this.allowed = allowed;
        }

        @Override
        public void check(JavaClass type, ConditionEvents events) {
            for (var dependency : type.getDirectDependenciesFromSelf()) {
                var target = dependency.getTargetClass();
                if (target.getPackageName().startsWith(HOUSE) && !allowed.test(packageOf(type), packageOf(target))) {
                    events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                }
            }
        }
    }

    /** The package without {@code dev.apprentice.}. */
    private static String packageOf(JavaClass type) {
        var name = type.getPackageName();
        return name.startsWith(HOUSE) ? name.substring(HOUSE.length()) : name;
    }

    private static String module(String name) {
        return name.split("\\.", 2)[0];
    }

    /** The room of the list that a package lies in, else the package itself. */
    private static String room(String name) {
        return ENGINE.keySet().stream()
                .filter(room -> name.equals(room) || name.startsWith(room + "."))
                .max(Comparator.comparingInt(String::length))
                .orElse(name);
    }
}
