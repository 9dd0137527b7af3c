package io.atelier.gateway.view.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RankedQueueTests {

    @Test
    void everyoneKnowsHowManyStandBefore() {
        var line = new RankedQueue<Integer>();
        var expected = new TreeSet<Integer>();
        var random = new Random(17);
        for (int i = 0; i < 20_000; i++) {
            int one = random.nextInt(5_000);
            if (random.nextInt(3) == 0) {
                line.remove(one);
                expected.remove(one);
            } else {
                line.add(one);
                expected.add(one);
            }
            if (i % 97 == 0) {
                int asked = random.nextInt(-2, 5_002);
                assertThat(line.before(asked)).isEqualTo(expected.headSet(asked).size());
            }
        }

        assertThat(line.size()).isEqualTo(expected.size());
        assertThat(line.first()).contains(expected.first());
        int place = 0;
        for (var one : expected) {
            assertThat(line.before(one)).isEqualTo(place++);
        }
    }

    @Test
    void lineThatEmptiedIsAsNew() {
        var line = new RankedQueue<String>();
        line.add("a");
        line.remove("a");
        line.remove("a");

        assertThat(line.size()).isZero();
        assertThat(line.first()).isEmpty();
        assertThat(line.before("b")).isZero();

        line.add("b");
        line.add("b");
        assertThat(line.size()).isEqualTo(1);
    }
}
