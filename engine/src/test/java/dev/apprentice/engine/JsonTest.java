package dev.apprentice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void noThreadKeepsBuffersOfItsOwnAlsoInMappersThatWereRebuilt() {
        var pool = Json.strict().getFactory()._getRecyclerPool();

        assertThat(pool).isInstanceOf(JsonRecyclerPools.BoundedPool.class);
        assertThat(Json.strict().rebuild().build().getFactory()._getRecyclerPool())
                .isSameAs(pool);
    }
}
