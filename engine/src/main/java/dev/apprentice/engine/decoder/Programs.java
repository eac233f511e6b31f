package dev.apprentice.engine.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.memory.Scope;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** The TorchScript programs beside this class, and what it takes to call them. */
final class Programs {
    private Programs() {}

    /** Class {@code name} of {@code resource}. */
    static PtSymbolBlock open(String resource, String name, Scope scope) throws IOException {
        return JniUtils.loadModule(
                scope.manager(), new ByteArrayInputStream(ProgramArchive.bytes(resource, name)), false, false);
    }

    /**
     * Calls {@code method}; its result lives as long as {@code step}.
     *
     * @throws FailedException code {@code native_failure}
     */
    static IValue run(PtSymbolBlock program, Scope step, String method, IValue... arguments) {
        return step.own(call(program, method, arguments));
    }

    /**
     * The same; the caller owns what it returns.
     *
     * @throws FailedException code {@code native_failure}
     */
    static IValue call(PtSymbolBlock program, String method, IValue... arguments) {
        try {
            return IValueUtils.runMethod(program, method, arguments);
        } catch (RuntimeException e) {
            throw new FailedException("native_failure", method + ": " + e.getMessage(), Fault.NONE, e);
        }
    }

    /** The tensor that {@code value} is, in {@code into}. */
    static PtNDArray tensor(IValue value, Scope into) {
        return value.toTensor(into.manager());
    }
}
