package dev.apprentice.server;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Prepares the toolchains that tests need, each once, and hands them in as {@link Toolchain.State.Ready}. */
final class Toolchains implements ExecutionCondition, ParameterResolver {
    private static final System.Logger LOG = System.getLogger(Toolchains.class.getName());
    private static final Namespace HERE = Namespace.create(Toolchains.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return switch (state(context)) {
            case Toolchain.State.Ready ready -> ConditionEvaluationResult.enabled(ready.program());
            case Toolchain.State.NotRun(var reason) -> {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "event=not_run test={0} reason={1}",
                        context.getDisplayName(),
                        reason);
                yield ConditionEvaluationResult.disabled("not run: " + reason);
            }
        };
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Toolchain.State.Ready.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return state(context);
    }

    private static Toolchain.State state(ExtensionContext context) {
        var toolchain = AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), Needs.class)
                .orElseThrow()
                .value();
        return context.getRoot()
                .getStore(HERE)
                .computeIfAbsent(toolchain, _ -> toolchain.prepare(), Toolchain.State.class);
    }
}
