package io.atelier.gateway.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecentEventIdsTests {

    private static final int NEW_IDS = 20_000;

    @Test
    void anIdIsAddedOnce() {
        var ids = new RecentEventIds(List.of("written"));

        assertThat(ids.add("written")).isFalse();
        assertThat(ids.add("new")).isTrue();
        assertThat(ids.add("new")).isFalse();
    }

    @Test
    void idsThatWereReadStayUntilAsManyNewOnesCameAsAreRepeatedAtMost() {
        var written = IntStream.range(0, 30_000).mapToObj(i -> "written-" + i).toList();
        var ids = new RecentEventIds(written);

        IntStream.range(0, NEW_IDS).forEach(i -> ids.add("new-" + i));

        assertThat(ids.add("written-0")).as("the oldest").isFalse();
        ids.add("one more");
        assertThat(ids.add("written-0")).as("forgotten").isTrue();
    }
}
