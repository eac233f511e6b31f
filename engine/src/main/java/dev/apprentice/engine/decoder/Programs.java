package dev.apprentice.engine.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
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

    /**
     * Calls {@code method} so that autograd may go through it, and through others with what it returns: what
     * {@link #call} returns autograd refuses. The results live as long as {@code step}.
     *
     * @param arguments tensors alone, named as the method's lists are
     */
    static NDList follow(PtSymbolBlock program, Scope step, String method, NDList arguments) {
        var named = step.longs(0L);
        named.setName("module_method:" + method);
        arguments.add(named);
        var outputs = IValueUtils.forward(program, arguments, true);
        for (NDArray output : outputs) {
            output.attach(step.manager());
        }
        return outputs;
    }

    /** The tensor that {@code value} is, in {@code into}. */
    static PtNDArray tensor(IValue value, Scope into) {
        return value.toTensor(into.manager());
    }
}
