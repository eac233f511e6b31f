package dev.apprentice.server.grpc;

import dev.apprentice.server.http.Departures;
import dev.apprentice.server.http.Watch;

/** How one stream of plain HTTP hears that its client has reset it, or has gone with the whole connection. */
record StreamDepartures(ResetFilter resets, int id) implements Departures {
    @Override
    public void whenGone(Watch watch) {
        resets.whenGone(id, watch);
    }

    @Override
    public void nobodyListens(Watch watch) {
        resets.nobodyListens(id);
    }
}
