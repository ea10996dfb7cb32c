"""Words all else uses: errors, time, calendars, ids, money, settings, actors. No Django."""
