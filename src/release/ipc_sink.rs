//! Arrow IPC, the file format (Feather 2): not compressed, so that readers can map it into memory.

use super::arrow_columns::{Gathered, defect};
use super::field::{Cells, Field};
use arrow_ipc::writer::FileWriter;
use std::io::{self, Write};

pub(super) struct IpcSink<W: Write> {
    writer: FileWriter<W>,
    gathered: Gathered,
}

impl<W: Write> IpcSink<W> {
    pub(super) fn new(out: W, fields: &[Field], metadata: &[(String, String)]) -> io::Result<Self> {
        let gathered = Gathered::new(fields, metadata);
        let writer = FileWriter::try_new(out, &gathered.schema()).map_err(defect)?;
        Ok(Self { writer, gathered })
    }

    pub(super) fn write(&mut self, fields: &[Field], columns: &[Cells<'_>]) -> io::Result<()> {
        let writer = &mut self.writer;
        self.gathered.add(fields, columns, &mut |batch| writer.write(batch).map_err(defect))
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        if let Some(batch) = self.gathered.rest()? {
            self.writer.write(&batch).map_err(defect)?;
        }
        self.writer.into_inner().map_err(defect)
    }
}
