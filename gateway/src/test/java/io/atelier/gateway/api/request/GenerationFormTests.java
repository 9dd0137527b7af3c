package io.atelier.gateway.api.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class GenerationFormTests {

    @Test
    void descriptionNamesTheFieldsThatAreRead() {
        assertThat(Arrays.stream(GenerationForm.class.getRecordComponents()).map(GenerationFormTests::wireName))
                .containsExactlyInAnyOrderElementsOf(GenerationRequestReader.KNOWN);
        assertThat(Arrays.stream(GenerationForm.Grid.class.getRecordComponents())
                        .map(GenerationFormTests::wireName))
                .containsExactlyInAnyOrderElementsOf(GridFields.KNOWN);
        assertThat(Arrays.stream(GenerationForm.Routing.class.getRecordComponents())
                        .map(GenerationFormTests::wireName))
                .containsExactlyInAnyOrderElementsOf(RoutingFields.KNOWN);
        assertThat(Arrays.stream(GenerationForm.Image.class.getRecordComponents())
                        .map(GenerationFormTests::wireName))
                .containsExactlyInAnyOrderElementsOf(SourceFields.KNOWN);
        assertThat(Arrays.stream(GenerationForm.Made.class.getRecordComponents())
                        .map(GenerationFormTests::wireName))
                .containsExactlyInAnyOrderElementsOf(SourceFields.KNOWN_OF_JOB);
    }

    private static String wireName(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
