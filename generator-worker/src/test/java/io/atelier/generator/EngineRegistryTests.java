package io.atelier.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.atelier.contract.work.LocalModel;
import io.atelier.contract.work.WorkerAnnounced.EngineState;
import io.atelier.generator.engine.EngineSource;
import io.atelier.generator.engine.EngineStatus;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.testcard.TestCardEngine;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineRegistryTests {

    private final ScriptedEngine scripted = new ScriptedEngine((request, run) -> List.of());

    @Test
    void enginesAreFoundByNameAndListedAlphabetically() {
        var engines = new EngineRegistry(List.of(new TestCardEngine(true), scripted));

        assertThat(engines.named("scripted")).contains(scripted);
        assertThat(engines.named("sdxl")).isEmpty();
        assertThat(engines.names()).containsExactly("scripted", "test-card");
    }

    @Test
    void anEngineWithoutARequiredSettingIsRegisteredButNotListed() {
        var incomplete = new ScriptedEngine((request, run) -> List.of()) {
            @Override
            public String name() {
                return "incomplete";
            }

            @Override
            public String device() {
                return REMOTE;
            }

            @Override
            public EngineStatus status() {
                return EngineStatus.notConfigured("KEY is missing.");
            }
        };

        var engines = new EngineRegistry(List.of(scripted, incomplete));

        assertThat(engines.names()).containsExactly("scripted");
        assertThat(engines.anyRemote()).isFalse();
        assertThat(engines.named("incomplete")).isPresent();
        assertThat(engines.states(List.of("gpu", scripted.device())))
                .containsExactly(
                        new EngineState("incomplete", EngineState.NOT_CONFIGURED, "KEY is missing."),
                        new EngineState("scripted", EngineState.READY, "", List.of(scripted.device())));
    }

    @Test
    void twoEnginesWithOneNameAreRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new EngineRegistry(List.of(scripted, new ScriptedEngine((request, run) -> List.of()))))
                .withMessageContaining("'scripted'");
    }

    @Test
    void engineWithTheNameOfOneOfASourceIsRejected() {
        var source = new EngineSource() {
            @Override
            public List<GenerationEngine> engines() {
                return List.of(scripted);
            }

            @Override
            public List<LocalModel> models() {
                return List.of();
            }
        };

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EngineRegistry(List.of(scripted), source))
                .withMessageContaining("'scripted'");
        assertThat(new EngineRegistry(List.of(new TestCardEngine(true)), source).names())
                .containsExactly("scripted", "test-card");
    }
}
