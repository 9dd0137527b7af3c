package io.atelier.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PipelineParameterTests {

    @Test
    void parameterIsRequiredUnlessItHasADefaultOrIsOptional() {
        assertThat(PipelineParameter.text("a", "").isRequired()).isTrue();
        assertThat(PipelineParameter.text("a", "").optional().isRequired()).isFalse();
        var whole = PipelineParameter.integer("a", "").withDefault(3).between(1, 5);
        assertThat(whole.isRequired()).isFalse();
        assertThat(whole.defaultValue()).isEqualTo(3L);
        assertThat(PipelineParameter.number("a", "").withDefault(3).defaultValue())
                .isEqualTo(3.0);
    }

    @Test
    void defaultHasTheTypeOfTheParameter() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PipelineParameter.text("a", "").withDefault(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PipelineParameter.integer("a", "").withDefault("1"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PipelineParameter.flag("a", "").between(0, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1a", "a-b", "a b"})
    void nameIsThatOfAMember(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> PipelineParameter.text(name, ""));
    }

    @Test
    void argumentsHaveTheTypesOfTheirParameters() {
        var arguments = new PipelineArguments(
                Map.of("text", "a", "whole", 1L, "number", 0.5, "flag", true, "list", List.of(1), "object", Map.of()));

        assertThat(arguments.text("text")).isEqualTo("a");
        assertThat(arguments.integer("whole")).isEqualTo(1);
        assertThat(arguments.number("number")).isEqualTo(0.5);
        assertThat(arguments.flag("flag")).isTrue();
        assertThat(arguments.list("list")).hasSize(1);
        assertThat(arguments.object("object")).isEmpty();
        assertThat(arguments.has("other")).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> arguments.text("whole"));
        assertThatIllegalArgumentException().isThrownBy(() -> arguments.text("other"));
    }
}
