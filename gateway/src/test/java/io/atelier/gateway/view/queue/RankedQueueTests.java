package io.atelier.gateway.view.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RankedQueueTests {

    @Test
    void rankOfEveryElementIsKnown() {
        var queue = new RankedQueue<Integer>();
        var expected = new TreeSet<Integer>();
        var random = new Random(17);
        for (int i = 0; i < 20_000; i++) {
            int element = random.nextInt(5_000);
            if (random.nextInt(3) == 0) {
                queue.remove(element);
                expected.remove(element);
            } else {
                queue.add(element);
                expected.add(element);
            }
            if (i % 97 == 0) {
                int other = random.nextInt(-2, 5_002);
                assertThat(queue.before(other))
                        .isEqualTo(expected.headSet(other).size());
            }
        }

        assertThat(queue.size()).isEqualTo(expected.size());
        assertThat(queue.first()).contains(expected.first());
        int rank = 0;
        for (var element : expected) {
            assertThat(queue.before(element)).isEqualTo(rank++);
        }
    }

    @Test
    void emptiedQueueCanBeFilledAgain() {
        var queue = new RankedQueue<String>();
        queue.add("a");
        queue.remove("a");
        queue.remove("a");

        assertThat(queue.size()).isZero();
        assertThat(queue.first()).isEmpty();
        assertThat(queue.before("b")).isZero();

        queue.add("b");
        queue.add("b");
        assertThat(queue.size()).isEqualTo(1);
    }
}
