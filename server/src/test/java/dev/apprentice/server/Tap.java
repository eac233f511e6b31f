package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.assertj.core.description.Description;
import org.assertj.core.description.TextDescription;
import org.junit.jupiter.api.DynamicTest;

/** What a program told of its checks by the Test Anything Protocol, each as a test. */
final class Tap {
    private static final Pattern PLAN = Pattern.compile("1\\.\\.(\\d+)");
    private static final Pattern CHECK = Pattern.compile("(not )?ok \\d+ - (.*)");

    private Tap() {}

    /** The checks of {@code child}, and one more: that it made all that it had planned and then ended. */
    static List<DynamicTest> tests(Child child) {
        var tests = new ArrayList<DynamicTest>();
        var planned = -1;
        var lines = child.output().lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            var plan = PLAN.matcher(lines.get(i));
            var check = CHECK.matcher(lines.get(i));
            if (plan.matches()) {
                planned = Integer.parseInt(plan.group(1));
            } else if (check.matches()) {
                var isGood = check.group(1) == null;
                var told = remarks(lines.subList(i + 1, lines.size()));
                tests.add(DynamicTest.dynamicTest(
                        check.group(2), () -> assertThat(isGood).as(told).isTrue()));
            }
        }
        int all = planned;
        int made = tests.size();
        tests.add(DynamicTest.dynamicTest("all planned checks were made", () -> {
            assertThat(made).as("%s", child.output()).isPositive().isEqualTo(all);
            assertThat(child.exit()).as("%s", child.output()).isPresent();
        }));
        return tests;
    }

    /** What is said of the check before {@code lines}. */
    private static Description remarks(List<String> lines) {
        return new TextDescription(
                "%s",
                String.join(
                        "\n",
                        lines.stream().takeWhile(line -> line.startsWith("#")).toList()));
    }
}
