package io.atelier.gateway.api.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class SizeFieldsTests {

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"size\":\"auto\"}"})
    void aSizeThatNobodyAskedForIsLeftToTheModel(String body) {
        assertThat(fields(body).leftOpen()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"size\":\"512x512\"}", "{\"width\":512,\"height\":512}", "{\"aspect_ratio\":\"16:9\"}"})
    void aSizeThatWasAskedForIsNot(String body) {
        assertThat(fields(body).leftOpen()).isFalse();
    }

    private static SizeFields fields(String body) {
        var mistakes = new ValidationErrors();
        return new SizeFields(new JsonFields(new JsonMapper().readTree(body), "", mistakes), mistakes);
    }
}
