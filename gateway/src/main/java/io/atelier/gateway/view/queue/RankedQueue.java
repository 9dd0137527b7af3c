package io.atelier.gateway.view.queue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Elements in order, each of which can ask how many stand before it, in about the square root of their number of steps: a list of short
 * lists. Not thread-safe.
 */
final class RankedQueue<T extends Comparable<? super T>> {

    private static final int LONGEST = 512;

    private final List<List<T>> parts = new ArrayList<>();
    private int size;

    int size() {
        return size;
    }

    Optional<T> first() {
        return parts.isEmpty() ? Optional.empty() : Optional.of(parts.get(0).get(0));
    }

    /** Lets an element stand in line; no change if it does. */
    void add(T element) {
        int number = partOf(element);
        if (parts.isEmpty()) {
            parts.add(new ArrayList<>());
        }
        // What comes behind all belongs to the last part.
        var part = parts.get(Math.min(number, parts.size() - 1));
        int place = Collections.binarySearch(part, element);
        if (place < 0) {
            part.add(-place - 1, element);
            size++;
            split(part);
        }
    }

    /** Takes an element out; no change if it does not stand in line. */
    void remove(T element) {
        int number = partOf(element);
        if (number == parts.size()) {
            return;
        }
        var part = parts.get(number);
        int place = Collections.binarySearch(part, element);
        if (place >= 0) {
            part.remove(place);
            size--;
            if (part.isEmpty()) {
                parts.remove(number);
            }
        }
    }

    /** How many stand before the place where the element stands or would stand. */
    int before(T element) {
        int number = partOf(element);
        int before = 0;
        for (int i = 0; i < number; i++) {
            before += parts.get(i).size();
        }
        if (number == parts.size()) {
            return before;
        }
        int place = Collections.binarySearch(parts.get(number), element);
        return before + (place < 0 ? -place - 1 : place);
    }

    /** The number of the first part whose last element is not before this one; the number of parts if there is none. */
    private int partOf(T element) {
        int low = 0;
        int high = parts.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            var part = parts.get(middle);
            if (part.get(part.size() - 1).compareTo(element) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void split(List<T> part) {
        if (part.size() > LONGEST) {
            int half = part.size() / 2;
            var rest = part.subList(half, part.size());
            int number = partOf(part.get(0));
            parts.add(number + 1, new ArrayList<>(rest));
            rest.clear();
        }
    }
}
