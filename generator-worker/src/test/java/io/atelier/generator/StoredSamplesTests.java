package io.atelier.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.generator.engine.GeneratedImage;
import io.atelier.image.decode.DecodingBudget;
import io.atelier.image.decode.ImageFileDecoder;
import io.atelier.image.png.PngKind;
import io.atelier.image.png.RawPng;
import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.ObjectKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StoredSamplesTests {

    @DisplayName("The PNG of a provider comes out of the store with its samples, their form and the chunks on colours")
    @ParameterizedTest(name = "{0}")
    @MethodSource("io.atelier.image.png.PngKind#all")
    void storedImagesAreOfTheKindThatTheProviderSent(PngKind kind) throws Exception {
        var source = kind.image(41, 33);
        var store = new InMemoryObjectStore();
        var images = new ImageRepository(store, true);
        var request = SampleTasks.request("a prompt", 1);

        var received = new ImageFileDecoder(DecodingBudget.ofProcess(), 10_000).decode(source.file(kind.interlaced()));
        var pending = images.encode(
                SampleTasks.task(request), request, List.of(new GeneratedImage(received, 1, Map.of())), true);
        var stored = images.storeAll(pending).images().get(0);

        try (var content = store.open(new ObjectKey(stored.key()), null).join()) {
            var downloaded = RawPng.parse(content.stream().readAllBytes());
            assertThat(downloaded.form()).isEqualTo(source.form());
            assertThat(downloaded.samples()).isDeepEqualTo(source.samples());
            source.requireChunksOf(downloaded);
            assertThat(downloaded.chunk("tEXt")).isNotEmpty();
        }
    }
}
