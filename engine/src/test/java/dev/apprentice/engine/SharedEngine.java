package dev.apprentice.engine;

import dev.apprentice.engine.model.hub.KnownModels;
import dev.apprentice.engine.model.hub.ModelStore;
import dev.apprentice.engine.model.hub.Progress;
import dev.apprentice.engine.model.hub.StoreSettings;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One engine on the real default model for all tests of the module that ask for an {@link Engine}. */
public final class SharedEngine implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == Engine.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        return test.getRoot()
                .getStore(Namespace.create(SharedEngine.class))
                .computeIfAbsent(Holder.class, _ -> new Holder(open()), Holder.class)
                .engine();
    }

    private static Engine open() {
        var known = KnownModels.bundled();
        var store = new ModelStore(StoreSettings.of(known, System.getenv()), Seams.real(), Progress.SILENT);
        return Engine.open(EngineSettings.of(store.resolve(known.standard())), Seams.real());
    }

    private record Holder(Engine engine) implements AutoCloseable {
        @Override
        public void close() {
            engine.close();
        }
    }
}
