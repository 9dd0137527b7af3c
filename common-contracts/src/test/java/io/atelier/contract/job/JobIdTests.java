package io.atelier.contract.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobIdTests {

    private static final Instant NOW = Instant.parse("2026-11-21T12:34:56.789Z");

    private final Random random = new Random(42);

    @Test
    void anyUuidSurvivesEncodingAndDecoding() {
        for (int i = 0; i < 2_000; i++) {
            var uuid = new UUID(random.nextLong(), random.nextLong());

            assertThat(JobId.of(uuid).uuid()).isEqualTo(uuid);
        }
    }

    @Test
    void theTextIsBase32OfTheBitsWithTheHighestFirst() {
        assertThat(JobId.of(new UUID(0, 0))).hasToString("gen_00000000000000000000000000");
        assertThat(JobId.of(new UUID(0, 33))).hasToString("gen_00000000000000000000000011");
        assertThat(JobId.of(new UUID(-1, -1))).hasToString("gen_7zzzzzzzzzzzzzzzzzzzzzzzzz");
    }

    @Test
    void aNewIdIsAUuidOfVersion7AndVariant2() {
        for (int i = 0; i < 1_000; i++) {
            var uuid = JobId.create(NOW, random).uuid();

            assertThat(uuid.version()).isEqualTo(7);
            assertThat(uuid.variant()).isEqualTo(2);
        }
    }

    @Test
    void aNewIdContainsItsTimeOfCreation() {
        assertThat(JobId.create(NOW, random).createdAt()).contains(NOW);
        assertThat(JobId.create(Instant.EPOCH, random).createdAt()).contains(Instant.EPOCH);
    }

    @Test
    void anIdOfAnotherVersionContainsNoTime() {
        assertThat(JobId.of(UUID.fromString("f81d4fae-7dec-41d0-a765-00a0c91e6bf6"))
                        .createdAt())
                .isEmpty();
    }

    @Test
    void idsSortByTimeOfCreation() {
        var ids = new ArrayList<JobId>();
        for (int i = 0; i < 500; i++) {
            ids.add(JobId.create(NOW.plusMillis(i * 37L), random));
        }
        var shuffled = new ArrayList<>(ids);
        Collections.shuffle(shuffled, random);

        Collections.sort(shuffled);

        assertThat(shuffled).isEqualTo(ids);
    }

    @Test
    void idsOfTheSameTimeDiffer() {
        var ids = new HashSet<JobId>();
        for (int i = 0; i < 10_000; i++) {
            ids.add(JobId.create(NOW, random));
        }

        assertThat(ids).hasSize(10_000);
    }

    @Test
    void upperCaseIsParsedAsLowerCase() {
        var id = JobId.create(NOW, random);

        assertThat(JobId.parse(id.value().toUpperCase(Locale.ROOT))).contains(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "gen_",
                "00000000000000000000000000",
                "img_00000000000000000000000000",
                "gen_0000000000000000000000000",
                "gen_000000000000000000000000000",
                "gen_80000000000000000000000000",
                "gen_0000000000000000000000000i",
                "gen_0000000000000000000000000l",
                "gen_0000000000000000000000000o",
                "gen_0000000000000000000000000u",
                "gen_0000000000000000000000000-",
                " gen_00000000000000000000000000",
                "gen_00000000000000000000000000\n",
                "f81d4fae-7dec-41d0-a765-00a0c91e6bf6",
            })
    void aTextThatIsNoIdIsRejected(String text) {
        assertThat(JobId.parse(text)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> new JobId(text)).withMessageContaining("'" + text + "'");
    }

    @Test
    void theConstructorRejectsUpperCase() {
        assertThatIllegalArgumentException().isThrownBy(() -> new JobId("gen_0000000000000000000000000A"));
    }
}
