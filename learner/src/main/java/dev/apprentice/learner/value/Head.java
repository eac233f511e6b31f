package dev.apprentice.learner.value;

import java.util.List;

/**
 * A fitted value head: several nets over one lens, and a calibration. Immutable and safe for use by any thread; a
 * judgement costs some ten thousand multiplications and no native call.
 */
record Head(Lens lens, List<Net> nets, Platt platt) {
    Head {
        nets = List.copyOf(nets);
    }

    Judgement judge(Traits traits) {
        var seen = lens.see(traits);
        double mean = 0;
        for (var net : nets) {
            mean += net.logit(seen) / nets.size();
        }
        double square = 0;
        for (var net : nets) {
            double off = net.logit(seen) - mean;
            square += off * off / nets.size();
        }
        double doubt = Math.sqrt(square);
        return new Judgement(platt.probability(mean), platt.probability(mean - doubt), doubt);
    }

    /** Mean log-odds before calibration, and their spread. */
    double[] raw(Traits traits) {
        var seen = lens.see(traits);
        double mean = 0;
        double square = 0;
        for (var net : nets) {
            double logit = net.logit(seen);
            mean += logit / nets.size();
            square += logit * logit / nets.size();
        }
        return new double[] {mean, Math.sqrt(Math.max(0, square - mean * mean))};
    }

    Head with(Platt platt) {
        return new Head(lens, nets, platt);
    }

    /** How many traits it was fitted to. */
    int traits() {
        return lens.mean().length;
    }
}
