package io.atelier.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.atelier.generator.engine.testcard.TestCardEngine;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnginesTests {

    private final ScriptedEngine scripted = new ScriptedEngine((request, run) -> List.of());

    @Test
    void enginesAreFoundByNameAndListedInOrder() {
        var engines = new Engines(List.of(new TestCardEngine(), scripted));

        assertThat(engines.named("scripted")).contains(scripted);
        assertThat(engines.named("sdxl")).isEmpty();
        assertThat(engines.names()).containsExactly("scripted", "test-card");
    }

    @Test
    void twoEnginesOfOneNameAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Engines(List.of(scripted, new ScriptedEngine((request, run) -> List.of()))))
                .withMessageContaining("'scripted'");
    }
}
