package io.atelier.gateway.api.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelLimitFieldsTests {

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"size\":\"auto\"}"})
    void sizeThatIsNotSetIsTheModelsDefault(String body) {
        assertThat(fields(body).usesDefaultSize()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"size\":\"512x512\"}", "{\"width\":512,\"height\":512}", "{\"aspect_ratio\":\"16:9\"}"})
    void sizeThatIsSetIsNotTheModelsDefault(String body) {
        assertThat(fields(body).usesDefaultSize()).isFalse();
    }

    private static ModelLimitFields fields(String body) {
        return new ModelLimitFields(
                JsonFields.parse(body.getBytes(StandardCharsets.UTF_8), new ValidationErrors()), Optional.empty());
    }
}
