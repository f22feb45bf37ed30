package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"time"
)

// statusLine is one line on a terminal that is written over and over. On
// anything but a terminal it writes nothing.
type statusLine struct {
	w io.Writer // nil if there is no terminal
}

func newStatusLine(w io.Writer) *statusLine {
	if f, ok := w.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			return &statusLine{w}
		}
	}
	return &statusLine{}
}

const (
	eraseLine = "\r\x1b[K"
	// statusColumns keeps the line from wrapping on the narrowest terminals
	// in use: a wrapped line cannot be written over.
	statusColumns = 79
	statusPeriod  = 100 * time.Millisecond
)

func (l *statusLine) show(text string) {
	if l.w != nil {
		io.WriteString(l.w, eraseLine+text[:min(len(text), statusColumns)])
	}
}

func (l *statusLine) clear() {
	if l.w != nil {
		io.WriteString(l.w, eraseLine)
	}
}

// follow shows how far done has come on its way to total, until the returned
// function is called, which waits for the last writing.
func (l *statusLine) follow(label string, done *atomic.Int64, total int) (stop func()) {
	if l.w == nil {
		return func() {}
	}
	quit, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		ticker := time.NewTicker(statusPeriod)
		defer ticker.Stop()
		for {
			l.show(progress(label, done.Load(), int64(total)))
			select {
			case <-quit:
				return
			case <-ticker.C:
			}
		}
	}()
	return func() {
		close(quit)
		<-stopped
	}
}

const barCells = 20

func progress(label string, done, total int64) string {
	part := 1.0
	if total > 0 {
		part = min(1, float64(done)/float64(total))
	}
	full := int(part * barCells)
	return fmt.Sprintf("%-24s [%s%s] %3.0f%%", label, strings.Repeat("#", full), strings.Repeat(".", barCells-full), 100*part)
}
